"""The wiring of the web application: settings, extensions, blueprints, habits. Nothing else."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from complaints import extensions
from complaints.channels.api import routes as api
from complaints.channels.portal import acts as portal_acts
from complaints.channels.portal import after_end as portal_after_end
from complaints.channels.portal import complain as portal_form
from complaints.channels.portal import files as portal_files
from complaints.channels.portal import lost as portal_lost
from complaints.channels.portal import no_surveys as portal_no_surveys
from complaints.channels.portal import objection as portal_objection
from complaints.channels.portal import pages as portal
from complaints.db import (
    REPORT_CONNECTIONS,
    REPORT_SECONDS,
    STATEMENT_SECONDS,
    engine_options,
    is_postgresql,
)
from complaints.files.in_use import use_files
from complaints.places import TEMPLATES, TRANSLATIONS
from complaints.proxies import BelieveProxies
from complaints.settings import Settings, read_settings
from complaints.signing import use_history_keys
from complaints.web.complaint import (
    attachments,
    composer,
    due_explanation,
    leaflet,
    letters,
    printing,
)
from complaints.web.complaint import pages as complaint
from complaints.web.complaint.conversations import pages as conversations
from complaints.web.desk import (
    board,
    bulk,
    choose_columns,
    decide,
    list_page,
    live,
    management,
    notifications,
    presence,
    report_mails,
    said_time,
    saved_views,
)
from complaints.web.desk import pages as desk
from complaints.web.frame import (
    access,
    compression,
    errors,
    filters,
    incoming,
    language,
    security,
    static_files,
    unchanged,
)
from complaints.web.frame.cookies import CookieSessions, form_token
from complaints.web.frame.templates import Templates
from complaints.web.guide import pages as guide
from complaints.web.improvement import causes
from complaints.web.improvement import one as corrective_action
from complaints.web.improvement import pages as corrective_actions
from complaints.web.incidents import pages as incidents
from complaints.web.intake import categories, drafts, mail
from complaints.web.intake import pages as intake
from complaints.web.management_review import one as management_review
from complaints.web.management_review import pages as management_reviews
from complaints.web.monitoring import engine, health, webhooks
from complaints.web.organisation import files as organisation_files
from complaints.web.organisation import first_start, imports, mail_test, plans, retirement
from complaints.web.organisation import history as organisation_history
from complaints.web.organisation import pages as organisation
from complaints.web.organisation import preview as organisation_preview
from complaints.web.other_contacts import files as contact_files
from complaints.web.other_contacts import one as contact
from complaints.web.other_contacts import pages as contacts
from complaints.web.other_contacts import take as contact_taking
from complaints.web.people import absences as absence
from complaints.web.people import accounts, login, observations, orphans, unit_leads
from complaints.web.public import service
from complaints.web.public_posts import one as public_post
from complaints.web.public_posts import pages as public_posts
from complaints.web.public_posts import take as post_taking
from complaints.web.reports import competence, exits, outcomes, regulators
from complaints.web.reports import deadlines as reports
from complaints.web.rules import (
    authority,
    calendars,
    holiday_warning,
    ladders,
    policy_backtest,
    whatif,
)
from complaints.web.rules import policies as rules
from complaints.web.similar import pages as similar

#: The modules with pages for staff and for customers.
PAGES = (
    login,
    desk,
    list_page,
    presence,
    said_time,
    saved_views,
    choose_columns,
    intake,
    drafts,
    categories,
    mail,
    contacts,
    contact_taking,
    contact_files,
    contact,
    public_posts,
    corrective_actions,
    corrective_action,
    management_reviews,
    management_review,
    causes,
    post_taking,
    public_post,
    attachments,
    complaint,
    conversations,
    board,
    decide,
    live,
    incidents,
    similar,
    bulk,
    reports,
    management,
    exits,
    outcomes,
    competence,
    regulators,
    notifications,
    report_mails,
    guide,
    absence,
    observations,
    accounts,
    orphans,
    unit_leads,
    rules,
    ladders,
    authority,
    calendars,
    organisation,
    retirement,
    organisation_preview,
    organisation_history,
    organisation_files,
    imports,
    mail_test,
    plans,
    first_start,
    whatif,
    policy_backtest,
    due_explanation,
    leaflet,
    letters,
    printing,
    composer,
    engine,
    webhooks,
    health,
    language,
    portal,
    portal_acts,
    portal_files,
    portal_after_end,
    portal_no_surveys,
    portal_objection,
    portal_form,
    service,
    portal_lost,
)


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The web application; `config` wins over the environment.

    Raises SettingsError with one clear line when a setting cannot be used.
    """
    settings = read_settings(config)
    use_history_keys(settings.history_keys)
    use_files(settings.files)
    app = Flask(
        "complaints",
        template_folder=str(TEMPLATES),
        static_folder=None,
    )
    app.config.from_mapping(configuration(settings))
    app.config.from_mapping(config or {})
    app.jinja_environment = Templates
    app.session_interface = CookieSessions()
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if settings.is_behind_proxy:
        app.wsgi_app = BelieveProxies(  # type: ignore[method-assign]
            app.wsgi_app, settings.trusted_proxies, settings.trusted_peers, settings.hosts
        )
    extensions.db.init_app(app)
    extensions.babel.init_app(app, locale_selector=language.choose_language)
    extensions.login_manager.init_app(app)
    extensions.csrf.init_app(app)
    app.context_processor(lambda: {"csrf_token": form_token})
    incoming.init_app(app)
    for pages in PAGES:
        app.register_blueprint(pages.blueprint)
    app.register_blueprint(api.blueprint)
    extensions.csrf.exempt(api.blueprint)
    for fit in (
        security,
        errors,
        filters,
        plans,
        holiday_warning,
        compression,
        static_files,
        access,
        unchanged,
    ):
        fit.init_app(app)
    return app


def configuration(settings: Settings) -> dict[str, Any]:
    """What Flask and its extensions are told."""
    engines = {
        "default": {
            "url": settings.database_url,
            **engine_options(settings.database_url, STATEMENT_SECONDS),
        },
    }
    # Without a replica a report still has its own time: it may take longer than a page.
    reports_url = settings.reports_database_url or settings.database_url
    if settings.reports_database_url or is_postgresql(reports_url):
        engines["reports"] = {
            "url": reports_url,
            **engine_options(reports_url, REPORT_SECONDS),
            **REPORT_CONNECTIONS,
        }
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_ENGINES": engines,
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "tanggap",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.base_url.startswith("https"),
        "PERMANENT_SESSION_LIFETIME": 12 * 3600,
        "BABEL_DEFAULT_LOCALE": "id",
        "BABEL_TRANSLATION_DIRECTORIES": str(TRANSLATIONS),
        "WTF_CSRF_TIME_LIMIT": None,
    }
