"""`python -m complaints` is the console script."""

from complaints.cli import main

main()
