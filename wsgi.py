"""The WSGI entry point for any server: `wsgi:app`."""

from complaints import create_app

app = create_app()
