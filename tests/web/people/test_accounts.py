"""Administration: adding people, shutting them out, passwords and keys shown once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from complaints.domain.accounts.tokens import fingerprint
from complaints.models import ApiToken, Offer, Team, User
from complaints.people.absences import note_absence
from complaints.steps.offer import offer_solution
from tests.web.people.test_login import log_in


def test_a_new_person_can_log_in_with_what_was_shown_once(office, at_desk, visitor):
    admin = at_desk("admin")
    page = admin.submit(
        admin.get("/admin/people/new"),
        "/admin/people/new",
        status=200,
        name="Dewi Baru",
        email="Dewi@tanggap.example",
        role="csr",
        branch="JKT",
        team="",
        supervisor="supervisor@tanggap.example",
    )
    password = page.one(".secret code").get_text()
    assert "Dewi Baru" in page.h1
    assert "Dewi Baru" in admin.get("/admin/").main
    assert password not in admin.get("/admin/").text_body
    log_in(visitor, "dewi@tanggap.example", password)
    choose = visitor.follow(visitor.get("/", status=302))
    own = {"old_password": password, "new_password": "milik Dewi sendiri"}
    desk = visitor.follow(visitor.submit(choose, "/password", **own))
    assert desk.h1 == "Beranda"
    person = office.session.scalars(select(User).where(User.name == "Dewi Baru")).one()
    assert person.supervisor_id == office.id_of("supervisor")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "csr@tanggap.example"}, "email"),
        ({"email": "no address"}, "email"),
    ],
)
def test_what_does_not_fit_is_said_and_the_rest_stays(at_desk, fields, field):
    admin = at_desk("admin")
    given = {"name": "Dewi", "role": "officer", "branch": "MKS", "team": "TEKNIK", **fields}
    form = admin.get("/admin/people/new")
    page = admin.submit(form, "/admin/people/new", status=422, **given)
    assert page.one(f"#f-{field}-error").get_text(strip=True)
    assert page.one("#f-name")["value"] == "Dewi"
    for name in ("role", "branch", "team"):
        assert page.one(f"#f-{name} option[selected]")["value"] == given[name]


def test_a_closed_account_is_out_at_the_next_click(office, at_desk):
    csr, admin = at_desk("csr"), at_desk("admin")
    csr.get("/")
    user_id = office.id_of("csr")
    page = admin.get(f"/admin/people/{user_id}")
    page = admin.follow(admin.submit(page, f"/admin/people/{user_id}/closure"))
    assert "nonaktif" in page.main
    csr.get("/", status=302)
    admin.submit(page, f"/admin/people/{user_id}/reopening")
    assert "aktif" in admin.get(f"/admin/people/{user_id}").main


def test_closing_an_account_with_open_work_asks_who_takes_it_over(office, at_desk):
    number = office.receive()
    admin, csr_id = at_desk("admin"), office.id_of("csr")
    page = admin.get(f"/admin/people/{csr_id}")
    assert "1 keluhan" in page.main
    assert page.one("#f-to option[value=tray]")
    assert not page.all("#f-to option[value='csr@tanggap.example']")
    assert "diteruskan kepada yang berwenang" in page.one("#f-to-hint").get_text()
    page = admin.submit(page, f"/admin/people/{csr_id}/closure", status=422, to="")
    assert page.one("#f-to-error").get_text(strip=True)
    supervisor = "supervisor@tanggap.example"
    page = admin.submit(page, f"/admin/people/{csr_id}/closure", to=supervisor)
    page = admin.follow(page)
    assert "Supervisor mengambil alih pekerjaan pada 1 keluhan" in page.main
    assert office.complaint(number).handler_id == office.id_of("supervisor")
    office.session.commit()
    history = at_desk("supervisor").get(f"/complaints/{number}?view=history")
    assert "Akun Csr dinonaktifkan; pekerjaannya dialihkan" in history.main


def test_closing_asks_who_takes_the_places_of_whoever_leaves(office, at_desk):
    """Line manager of the CSR, lead of a unit, deputy of the manager: none of it is left behind."""
    supervisor = office.people["supervisor"]
    team = office.session.scalars(select(Team).where(Team.code == "TEKNIK")).one()
    team.lead_id = supervisor.id
    away = {"from_at": office.at, "until_at": office.at + timedelta(days=3)}
    absence = note_absence(
        office.session, deputy=supervisor.email, by=office.actor("manager"), at=office.at, **away
    )
    hired = User(email="baru@tanggap.example", name="Baru", role="supervisor", branch_id=1)
    office.session.add(hired)
    office.session.commit()
    admin, path = at_desk("admin"), f"/admin/people/{supervisor.id}"
    office.session.commit()
    page = admin.get(path)
    assert "Csr" in page.one("#f-superior-hint").get_text()
    assert "Manager" in page.one("#f-deputy-hint").get_text()
    superiors = {each["value"] for each in page.all("#f-superior option")}
    assert superiors == {"", "none", "manager@tanggap.example", hired.email}
    given = {"superior": hired.email, "lead": "none", "deputy": hired.email}
    for missing in given:
        refused = admin.submit(page, f"{path}/closure", 422, **{**given, missing: ""})
        assert refused.one(f"#f-{missing}-error").get_text(strip=True)
    assert supervisor.email not in {
        each["value"] for each in page.all("#f-superior option, #f-deputy option")
    }
    page = admin.follow(admin.submit(refused, f"{path}/closure", **given))
    assert f"Csr, Joko: {hired.email}" in page.main
    assert f"Pengganti baru untuk Manager: {hired.email}" in page.main
    office.session.expire_all()
    assert office.session.get_one(User, office.id_of("csr")).supervisor_id == hired.id
    assert (team.lead_id, absence.deputy_id) == (None, hired.id)
    office.session.commit()
    # Whoever answers to somebody else now is told by letter, and it is in their own history.
    history = admin.get(f"/admin/people/{office.id_of('csr')}").main
    assert "Atasan: supervisor@tanggap.example → baru@tanggap.example" in history


def test_work_without_an_owner_is_listed_and_given_to_a_colleague(office, at_desk):
    number = office.receive()
    supervisor, elsewhere = at_desk("supervisor"), at_desk("admin")
    nothing = supervisor.get("/orphans")
    assert "Semua ada penanggung jawabnya" in nothing.main
    assert not nothing.all(".lead")
    office.session.get_one(User, office.id_of("csr")).is_active = False
    office.session.commit()
    page = supervisor.get("/orphans")
    assert number in page.main
    assert "Csr" in page.main
    assert page.all(".lead")
    page = supervisor.submit(page, f"/orphans/{number}", status=422, to="")
    assert page.one(".field-error").get_text(strip=True)
    officer = "officer@tanggap.example"
    page = supervisor.follow(supervisor.submit(page, f"/orphans/{number}", to=officer))
    assert f"Joko mengambil alih pekerjaan pada {number}" in page.main
    assert number not in elsewhere.get("/orphans").all("h2")
    at_desk("csr2").get("/orphans", status=403)


def test_an_approval_of_somebody_who_left_is_asked_of_who_may_decide(office, at_desk, wall):
    number = office.receive()
    office.walk(number, to="020-3.2")
    gift = {"remedy": "REFUND", "description": "Uang kembali"}
    office.take(number, offer_solution, amount=300_000, **gift)
    office.session.get_one(User, office.id_of("supervisor")).is_active = False
    office.session.commit()
    wall.at = office.at
    boss, path = at_desk("manager"), f"/orphans/{number}"
    office.session.commit()
    page = boss.get("/orphans")
    assert number in page.main
    said = boss.follow(boss.submit(page, path)).main
    assert "Manager sudah diminta memutuskan" in said or "dimintakan kepada Manager" in said
    (offer,) = office.rows(Offer, number)
    assert offer.approver_id == office.id_of("manager")
    office.session.commit()
    assert "Semua ada penanggung jawabnya" in boss.get("/orphans").main
    boss.submit(page, path, 409)


def test_where_nobody_may_approve_the_page_says_what_to_do_instead(office, at_desk, wall):
    number = office.receive()
    office.walk(number, to="020-3.2")
    gift = {"remedy": "REFUND", "description": "Uang kembali"}
    office.take(number, offer_solution, amount=20_000_000, **gift)
    office.session.get_one(User, office.id_of("manager")).is_active = False
    office.session.commit()
    wall.at = office.at
    supervisor = at_desk("supervisor")
    office.session.commit()
    page = supervisor.submit(supervisor.get("/orphans"), f"/orphans/{number}", 409)
    assert "Tidak ada yang boleh menyetujui Rp20.000.000" in page.main
    assert page.all("a[href='/admin/rules/authority/']")
    offer = f"main a[href='/complaints/{number}/offer']"
    assert page.all(offer)
    admin = at_desk("admin")
    office.session.commit()
    page = admin.submit(admin.get("/orphans"), f"/orphans/{number}", 409)
    assert page.all("a[href='/admin/rules/authority/']")
    assert not page.all(offer)


def test_a_unit_without_people_is_named_with_who_can_fill_it(office, at_desk):
    number = office.receive()
    office.walk(number, to="asked")
    office.session.get_one(User, office.id_of("officer")).is_active = False
    office.session.commit()
    supervisor, admin = at_desk("supervisor"), at_desk("admin")
    office.session.commit()
    page = supervisor.get("/orphans")
    assert "Tidak ada pengguna dengan akun aktif di Teknik dan jaringan" in page.main
    assert page.all("a[href='mailto:admin@tanggap.example']")
    for form in ("parties", "parties/acceptance"):
        assert page.all(f"a[href='/complaints/{number}/{form}']")
        assert supervisor.get(f"/complaints/{number}/{form}")
    assert admin.get("/orphans").all("main a[href='/admin/']")
    # Nobody is led to a form that refuses them.
    assert not at_desk("manager").get("/orphans").all("main a[href$='/parties/acceptance']")


def test_nobody_shuts_out_themselves_or_the_last_administrator(office, at_desk):
    admin, own_id = at_desk("admin"), office.id_of("admin")
    page = admin.get(f"/admin/people/{own_id}")
    assert not any("closure" in str(form["action"]) for form in page.all("form[action]"))
    token = page.all("input[name=csrf_token]")[0]["value"]
    admin.post(f"/admin/people/{own_id}/closure", {"csrf_token": token}, status=409)


def test_a_password_that_somebody_else_set_is_changed_before_anything_else(
    office, at_desk, visitor
):
    admin, user_id = at_desk("admin"), office.id_of("csr")
    page = admin.get(f"/admin/people/{user_id}")
    shown = admin.submit(page, f"/admin/people/{user_id}/password", status=200)
    password = shown.one(".secret code").get_text()
    log_in(visitor, password=password)
    for path in ("/", "/complaints", "/complaints/new"):
        assert visitor.get(path, status=302).response.headers["Location"] == "/password"
    page = visitor.get("/password")
    assert "Orang lain telah mengatur kata sandi Anda" in page.main
    token = page.form("/password").select_one("[name=csrf_token]")["value"]
    page = visitor.post("/complaints/new", {"csrf_token": token}, status=409)
    assert "pilih terlebih dahulu kata sandi Anda sendiri" in page.main
    page = visitor.get("/password")
    same = {"old_password": password, "new_password": password}
    page = visitor.submit(page, "/password", status=422, **same)
    assert "Pilih kata sandi lain" in page.main
    own = {"old_password": password, "new_password": "milik saya sendiri"}
    assert visitor.follow(visitor.submit(page, "/password", **own)).h1 == "Beranda"


def test_an_account_is_changed_and_its_history_says_what_and_by_whom(office, at_desk):
    admin, user_id = at_desk("admin"), office.id_of("csr")
    form = admin.get(f"/admin/people/{user_id}/edit")
    assert form.one("#f-supervisor option[selected]")["value"] == "supervisor@tanggap.example"
    answer = admin.submit(
        form,
        f"/admin/people/{user_id}/edit",
        name="Rina Sari",
        role="officer",
        branch="MKS",
        team="TAGIHAN",
        supervisor="manager@tanggap.example",
    )
    page = admin.follow(answer)
    assert page.h1 == "Rina Sari"
    (line,) = page.words("[aria-labelledby=history] li")
    for said in (
        "Akun diubah",
        "Nama: Csr → Rina Sari",
        "Peran: CSR → Petugas",
        "Cabang: Jakarta → Makassar",
        "Admin,",
    ):
        assert said in line


@pytest.mark.both_databases
def test_two_administrators_on_one_account_do_not_undo_each_other(office, at_desk, wall):
    hired = User(email="kepala@tanggap.example", name="Kepala", role="admin")
    office.session.add(hired)
    office.session.commit()
    office.people["kepala"] = hired
    wall.at = office.at
    first, second, user_id = at_desk("admin"), at_desk("kepala"), office.id_of("csr")
    path = f"/admin/people/{user_id}/edit"
    opened = second.get(path)
    first.submit(first.get(path), path, role="officer", branch="MKS", team="TAGIHAN")
    mine = {"name": "Rina Sari", "branch": "", "role": "csr"}
    page = second.submit(opened, path, status=409, **mine)
    (said, line, *_) = page.words(".said-stop li")
    assert "Rekan lain sudah mengubah akun ini" in said
    assert line.startswith("Admin, Kamis, 19 November 2026")
    for what in ("Peran: CSR → Petugas", "Cabang: Jakarta → Makassar", "Unit: "):
        assert what in line
    # What only the other touched stands as the other left it, what I touched as I typed it.
    assert page.one("#f-name")["value"] == "Rina Sari"
    assert page.one("#f-role option[selected]")["value"] == "officer"
    assert page.one("#f-team option[selected]")["value"] == "TAGIHAN"
    assert not page.all("#f-branch option[selected]")
    assert "Makassar" in page.one("#f-branch-error").get_text()
    second.submit(page, path)
    office.session.expire_all()
    user = office.session.get_one(User, user_id)
    assert (user.name, user.role, user.branch_id) == ("Rina Sari", "officer", None)
    assert user.team_id == office.rules.team_by_code("TAGIHAN").id


def test_a_form_about_what_nobody_else_changed_is_saved_at_once(office, at_desk):
    admin, user_id = at_desk("admin"), office.id_of("csr")
    path = f"/admin/people/{user_id}/edit"
    opened, again = admin.get(path), admin.get(path)
    # A new password is an entry of the account as well, but changes nothing that the form says.
    admin.submit(admin.get(f"/admin/people/{user_id}"), f"/admin/people/{user_id}/password", 200)
    admin.submit(opened, path, name="Rina Sari")
    # The same sent twice is one change.
    admin.submit(again, path, name="Rina Sari")
    page = admin.get(f"/admin/people/{user_id}")
    assert len([each for each in page.words("[aria-labelledby=history] li") if "Nama" in each]) == 1


def test_what_cannot_be_changed_so_is_said_at_its_field(office, at_desk):
    admin, user_id = at_desk("admin"), office.id_of("csr")
    form = admin.get(f"/admin/people/{user_id}/edit")
    path, taken = f"/admin/people/{user_id}/edit", "officer@tanggap.example"
    page = admin.submit(form, path, status=422, email=taken, name="Rina")
    assert page.one("#f-email-error")
    assert page.one("#f-name")["value"] == "Rina"


def test_nobody_changes_their_own_role(office, at_desk):
    admin, own_id = at_desk("admin"), office.id_of("admin")
    form = admin.get(f"/admin/people/{own_id}/edit")
    assert not form.all("#f-role")
    token = form.form(f"/admin/people/{own_id}/edit").select_one("[name=csrf_token]")["value"]
    page = admin.post(f"/admin/people/{own_id}/edit", {"csrf_token": token, "role": "csr"}, 409)
    assert "peran Anda sendiri" in page.main


def test_a_key_is_shown_once_and_can_be_ended(office, at_desk, app):
    admin = at_desk("admin")
    shown = admin.submit(
        admin.get("/admin/tokens"),
        "/admin/tokens",
        status=200,
        email="csr@tanggap.example",
        scope="read",
    )
    secret = shown.one(".secret code").get_text()
    assert secret not in admin.get("/admin/tokens").text_body
    api = app.test_client()
    headers = {"Authorization": f"Bearer {secret}"}
    assert api.get("/api/v1/complaints", headers=headers).status_code == 200
    query = select(ApiToken.id).where(ApiToken.token_hash == fingerprint(secret))
    token_id = office.session.scalar(query)
    office.session.commit()
    page = admin.get("/admin/tokens")
    admin.submit(page, f"/admin/tokens/{token_id}/revocation")
    assert api.get("/api/v1/complaints", headers=headers).status_code == 401
    assert f"/admin/tokens/{token_id}/revocation" not in admin.get("/admin/tokens").text_body


@pytest.mark.parametrize("days", [1, 365])
def test_a_key_ends_when_the_settings_say(office, at_desk, app, wall, days):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], token_lifetime=timedelta(days=days))
    admin, fields = at_desk("admin"), {"email": "csr@tanggap.example", "scope": ""}
    shown = admin.submit(admin.get("/admin/tokens"), "/admin/tokens", status=200, **fields)
    headers = {"Authorization": f"Bearer {shown.one('.secret code').get_text()}"}
    api = app.test_client()
    wall.at += timedelta(days=days) - timedelta(seconds=1)
    assert api.get("/api/v1/complaints", headers=headers).status_code == 200
    wall.at += timedelta(seconds=1)
    assert api.get("/api/v1/complaints", headers=headers).status_code == 401
    assert "kedaluwarsa" in at_desk("admin").get("/admin/tokens").main


def test_a_key_for_nobody_is_refused(at_desk):
    admin = at_desk("admin")
    page = admin.get("/admin/tokens")
    token = page.all("input[name=csrf_token]")[0]["value"]
    data = {"csrf_token": token, "email": "nobody@x.example", "scope": ""}
    assert admin.post("/admin/tokens", data, status=422).all(".field-error")


def test_an_unknown_account_is_not_found(at_desk):
    at_desk("admin").get("/admin/people/9999", status=404)


def test_what_somebody_has_open_is_shown_before_they_move(office, at_desk):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.session.commit()
    admin, path = at_desk("admin"), f"/admin/people/{office.id_of('csr')}/edit"
    form = admin.get(path)
    assert "1 keluhan" in form.main
    page = admin.submit(form, path, status=422, role="auditor")
    assert page.one("#f-to-error")
    page = admin.follow(admin.submit(page, path, to="officer@tanggap.example"))
    assert "Joko mengambil alih pekerjaan pada 1 keluhan" in page.main
    assert office.complaint(number).handler_id == office.id_of("officer")


def test_who_leads_the_unit_is_said_on_the_page_of_the_account(office, at_desk):
    admin = at_desk("admin")
    path = f"/admin/people/{office.id_of('officer')}"
    admin.submit(admin.get(path), f"{path}/lead", 303)
    page = admin.get(path)
    assert "Memimpin" in page.main
    assert "Memimpin unit" in page.one("[aria-labelledby=history]").get_text()
    admin.submit(page, f"{path}/lead/end", 303)
    page = admin.get(path)
    assert page.all(f"form[action='{path}/lead']")
    # Who belongs to no unit is not offered it, and told so all the same.
    other = f"/admin/people/{office.id_of('csr')}"
    assert not admin.get(other).all(f"form[action='{other}/lead']")
    # Nor is whoever handles no complaints.
    office.session.get_one(User, office.id_of("officer")).role = "auditor"
    office.session.commit()
    assert not admin.get(path).all(f"form[action='{path}/lead']")
