"""A class session in a real Chromium: the teacher's page, students' pages, and a server that gets killed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from benchmarks.support.photo_tab import PATIENCE
from dashboard.game.classroom.sessions import Classrooms
from dashboard.server.settings import CLASS_DATABASE_VARIABLE as PATH_VARIABLE
from tests.browser.accessibility import failures_at_all_widths, failures_in_each_scheme
from tests.browser.compare_driver import DESKTOP, PHONE
from tests.browser.conftest import HERE, OpenPage, Serve
from tests.browser.game_driver import PICTURES, Letter, button, expect_round, open_game_tab, play_all, real_side, vote
from tests.browser.page_driver import each_scheme
from tests.browser.photo_driver import expect_settled
from tests.support.paths import ROOT

MAIN = '[data-testid="stMain"]'
NETWORK_HOST = "192.168.1.5"  # as the host of the program would name it; nothing is sent there
ENDED, LINK_USED = "Ask your teacher for the code", "Make a new link on the teacher's page"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("class") / "class.sqlite3"


@pytest.fixture(scope="module")
def class_url(serve: Serve, database: Path) -> Iterator[str]:
    """The whole dashboard, with a separate file for the classes."""
    env = {PATH_VARIABLE: str(database), "STREAMLIT_BROWSER_SERVER_ADDRESS": NETWORK_HOST}
    with serve(ROOT / "streamlit_app.py", env=env) as url:
        yield url


def in_network(url: str) -> str:
    """The address of a page, as students open it."""
    return url.replace("127.0.0.1", NETWORK_HOST)


def start_class(page: Page) -> str:
    """Start a class in which pictures stay until the choice. Returns its code."""
    page.get_by_text("As long as I like", exact=True).click()
    expect_settled(page)
    button(page, "Start a class").click()
    expect(page.get_by_text("No votes yet.")).to_be_visible(timeout=PATIENCE)
    return in_address(page, "class")


def in_address(page: Page, name: str) -> str:
    """Wait until the address has this parameter. Returns its value."""
    expect(page).to_have_url(re.compile(rf"[?&]{name}="), timeout=PATIENCE)
    return parse_qs(urlsplit(page.url).query)[name][0]


def join(page: Page, url: str, code: str) -> None:
    """Join with the link that the teacher shows."""
    page.goto(f"{url}/?class={code}")
    button(page, "Join").click(timeout=PATIENCE)
    expect_round(page, 1)


def remembered_key(page: Page, code: str, role: Literal["teacher", "player"]) -> str:
    """The key that this tab of the browser remembers for a class."""
    found = page.wait_for_function("name => sessionStorage.getItem(name)", arg=f"ai-colouriser:{code}:{role}")
    return str(found.json_value())


def expect_teacher(page: Page) -> None:
    expect(button(page, "End the class")).to_be_visible(timeout=PATIENCE)


def metric(label: str) -> str:
    return f'[data-testid="stMetric"]:has-text("{label}") [data-testid="stMetricValue"]'


def expect_metric(page: Page, label: str, value: str) -> None:
    expect(page.locator(metric(label))).to_have_text(value, timeout=PATIENCE)


def test_a_teacher_sees_live_how_the_class_does(open_page: OpenPage, class_url: str) -> None:
    teacher = open_page(viewport=DESKTOP)
    open_game_tab(teacher, class_url)
    code = start_class(teacher)
    expect(teacher.get_by_text(code, exact=True)).to_be_visible()
    expect_metric(teacher, "Players", "0")
    students = [open_page(viewport=PHONE), open_page(viewport=PHONE), open_page(viewport=DESKTOP)]
    for student in students[:2]:
        join(student, class_url, code)
    open_game_tab(students[2], class_url)  # the third student types the code
    students[2].get_by_label("Code of the class").fill(f" {code[:3].lower()}-{code[3:]}")
    students[2].keyboard.press("Enter")
    expect_round(students[2], 1)
    expect_metric(teacher, "Players", "3")

    wrong = {"A": "ArrowRight", "B": "a"}[real_side(students[0])]
    students[0].keyboard.press(wrong)  # a student who has pressed Join may vote by key at once
    expect(students[0].get_by_text("1 vote saved")).to_be_visible(timeout=PATIENCE)
    expect_metric(teacher, "Fooling rate", "100 %")
    expect_metric(teacher, "Votes", "1 of 15")
    play_all(students[0], fooled=1, first=2)
    play_all(students[1], fooled=0)
    play_all(students[2], fooled=1)
    expect_metric(teacher, "Votes", "15 of 15")
    expect_metric(teacher, "Fooling rate", "20 %")  # 3 of 15, as in the students' own results
    expect(teacher.get_by_text("3 of 15 votes")).to_be_visible()
    for student, rate in zip(students, ("40 %", "0 %", "20 %"), strict=True):
        expect_metric(student, "Fooling rate", rate)
    rows = teacher.locator("table tbody tr")
    expect(rows).to_have_count(PICTURES)

    with teacher.expect_download() as handed:
        teacher.get_by_role("link", name="Download all votes (CSV)").click()
    assert handed.value.suggested_filename == f"class_{code}.csv"
    votes = list(csv.DictReader(io.StringIO(Path(handed.value.path()).read_text("utf-8"))))
    assert [vote["player"] for vote in votes] == ["1"] * 5 + ["2"] * 5 + ["3"] * 5
    assert [vote["round"] for vote in votes] == ["1", "2", "3", "4", "5"] * 3
    assert sum(int(vote["fooled"]) for vote in votes) == 3
    assert all((vote["real_side"] != vote["chosen_side"]) == (vote["fooled"] == "1") for vote in votes)
    for start in range(0, 15, 5):
        assert {vote["picture"] for vote in votes[start : start + 5]} == {
            "Astronaut", "Chelsea", "Dahlia", "Espresso", "Pagoda",
        }  # fmt: skip

    button(teacher, "End the class").click()
    button(teacher, "End and remove").click()
    expect(button(teacher, "Play")).to_be_visible(timeout=PATIENCE)
    students[0].reload()
    expect(students[0].get_by_text(ENDED)).to_be_visible(timeout=PATIENCE)
    button(students[0], "Leave the class").click()
    expect(button(students[0], "Play")).to_be_visible(timeout=PATIENCE)


def test_a_student_has_no_way_to_the_teachers_page(open_page: OpenPage, class_url: str) -> None:
    teacher, student = open_page(viewport=DESKTOP), open_page(viewport=DESKTOP)
    open_game_tab(teacher, class_url)
    code = start_class(teacher)
    key = remembered_key(teacher, code, "teacher")
    letter = Letter()
    letter.open(student)
    join(student, class_url, code)
    own = in_address(student, "player")
    assert not [frame for frame in letter.frames if key.encode() in frame]
    for wrong in (own, code, "x", key):  # nor is the teacher's key good in a link: it is no link's
        student.goto(f"{class_url}/?class={code}&teacher={wrong}")
        expect(student.get_by_text(LINK_USED)).to_be_visible(timeout=PATIENCE)
        expect(button(student, "End the class")).to_have_count(0)
    for role in ("teacher", "player"):
        student.evaluate("([name, key]) => sessionStorage.setItem(name, key)", [f"ai-colouriser:{code}:{role}", own])
    student.goto(f"{class_url}/?class={code}")
    expect(student.get_by_text(ENDED)).to_be_visible(timeout=PATIENCE)


def test_a_projected_page_shows_no_secret(open_page: OpenPage, class_url: str) -> None:
    teacher = open_page(viewport=DESKTOP)
    open_game_tab(teacher, class_url)
    code = start_class(teacher)
    key = remembered_key(teacher, code, "teacher")
    assert len(key) > 20
    for _ in range(2):  # after a reload it is the teacher's page again, at the same address
        expect_teacher(teacher)
        assert_address(teacher, class_url, code)
        assert key not in teacher.content()
        teacher.reload()


def assert_address(page: Page, url: str, code: str) -> None:
    """Check that the page's address is that of a class, and tells nothing else of it, when a key has left it."""
    expect(page).not_to_have_url(re.compile(r"teacher|player|#"), timeout=PATIENCE)
    parts = urlsplit(page.url)
    assert f"{parts.scheme}://{parts.netloc}" == url
    assert parts.fragment == ""
    query = parse_qs(parts.query)
    assert query.pop("class") == [code]
    assert "teacher" not in query
    assert "player" not in query


def test_students_scan_or_read_the_address_in_their_network(open_page: OpenPage, class_url: str) -> None:
    teacher = open_page(viewport=DESKTOP, color_scheme="dark")
    open_game_tab(teacher, class_url)
    code = start_class(teacher)
    address = f"{in_network(class_url)}/?class={code}"
    expect(teacher.get_by_text(address, exact=True)).to_be_visible()
    picture = teacher.get_by_role("img", name="QR code")
    for width, side in ((1280, 300), (768, 200), (390, 300)):
        teacher.set_viewport_size({"width": width, "height": 900})
        picture.scroll_into_view_if_needed()
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] >= side
        assert abs(box["width"] - box["height"]) < 1
        shown = np.asarray(Image.open(io.BytesIO(picture.screenshot())).convert("L"))
        assert cv2.QRCodeDetector().detectAndDecode(shown)[0] == address  # as a phone reads it


# Pages with HTTPS have navigator.clipboard, others have only the browser's own command.
CLIPBOARDS = {
    "https": """Object.defineProperty(navigator, "clipboard",
        { value: { writeText: async (text) => { window.copied = text } } })""",
    "http": """Object.defineProperty(navigator, "clipboard", { value: undefined });
        addEventListener("copy", () => { window.copied = document.activeElement.value })""",
}


@pytest.mark.parametrize("clipboard", CLIPBOARDS)
def test_a_copied_link_opens_the_class_on_one_more_device(open_page: OpenPage, class_url: str, clipboard: str) -> None:
    teacher, device, stranger = open_page(viewport=DESKTOP, fresh=True), open_page(viewport=PHONE), open_page()
    teacher.add_init_script(CLIPBOARDS[clipboard])
    open_game_tab(teacher, class_url)
    code = start_class(teacher)
    button(teacher, "Another device").click()
    button(teacher, "Make a link").click()
    button(teacher, "Copy the link").click(timeout=PATIENCE)
    expect(teacher.get_by_text("Copied.")).to_be_visible()
    link = str(teacher.evaluate("window.copied"))
    assert link.startswith(f"{in_network(class_url)}/?class={code}#teacher=")
    assert link.partition("teacher=")[2] not in teacher.content()
    link = link.replace(NETWORK_HOST, "127.0.0.1")
    device.goto(link)
    expect_teacher(device)
    assert_address(device, class_url, code)
    device.reload()
    expect_teacher(device)
    stranger.goto(link)
    expect(stranger.get_by_text(LINK_USED)).to_be_visible(timeout=PATIENCE)
    expect(stranger).not_to_have_url(re.compile("teacher"), timeout=PATIENCE)
    teacher.reload()
    expect_teacher(teacher)


def test_a_key_in_the_address_is_exchanged_and_leaves_it(open_page: OpenPage, class_url: str, database: Path) -> None:
    """As the links of earlier versions; also in a tab that shows the class, where a new fragment loads no page."""
    teacher, page = open_page(viewport=DESKTOP), open_page(viewport=DESKTOP)
    open_game_tab(teacher, class_url)
    code = start_class(teacher)
    control = Classrooms(database).control(code, remembered_key(teacher, code, "teacher"))
    address = f"{class_url}/?class={code}"
    page.goto(address)
    expect(button(page, "Join")).to_be_visible(timeout=PATIENCE)
    page.goto(f"{address}#teacher={control.make_link_key()}")
    expect_teacher(page)
    assert_address(page, class_url, code)
    page.evaluate("sessionStorage.clear()")
    link_key = control.make_link_key()
    page.goto(f"{address}&teacher={link_key}")
    expect_teacher(page)
    assert_address(page, class_url, code)
    assert remembered_key(page, code, "teacher") != link_key


def test_a_teacher_locks_the_class_and_removes_a_player(open_page: OpenPage, class_url: str) -> None:
    teacher, *students = (open_page(viewport=DESKTOP) for _ in range(3))
    open_game_tab(teacher, class_url)
    code = start_class(teacher)
    join(students[0], class_url, code)
    expect(students[0].get_by_text("player 1")).to_be_visible()
    vote(students[0], right=True)
    expect_metric(teacher, "Votes", "1 of 5")

    button(teacher, "Lock the class").click()
    expect(teacher.get_by_text("nobody else can join")).to_be_visible(timeout=PATIENCE)
    students[1].goto(f"{class_url}/?class={code}")
    button(students[1], "Join").click(timeout=PATIENCE)
    expect(students[1].get_by_text("The teacher has locked this class")).to_be_visible(timeout=PATIENCE)
    button(teacher, "Let students join").click()
    expect(button(teacher, "Lock the class")).to_be_visible(timeout=PATIENCE)
    join(students[1], class_url, code)

    teacher.get_by_text("Show the players").click()
    expect(teacher.get_by_text("Player 1: 1 of 5 votes")).to_be_visible(timeout=PATIENCE)
    button(teacher, "Remove").first.click()
    expect(teacher.get_by_text("Player 1:")).to_have_count(0)
    expect(teacher.get_by_text("Player 2: 0 of 5 votes")).to_be_visible()
    expect_metric(teacher, "Votes", "0 of 5")
    removed = "The teacher has removed you from this class"
    expect_round(students[0], 2)
    vote(students[0], right=True)
    expect(students[0].get_by_text(removed)).to_be_visible(timeout=PATIENCE)
    button(students[0], "Leave the class").click()
    students[0].get_by_label("Code of the class").fill(code, timeout=PATIENCE)
    button(students[0], "Join").click()
    expect(students[0].get_by_text(removed)).to_be_visible(timeout=PATIENCE)
    students[0].goto(f"{class_url}/?class={code}")
    button(students[0], "Join").click(timeout=PATIENCE)
    expect(students[0].get_by_text(removed)).to_be_visible(timeout=PATIENCE)
    expect_metric(teacher, "Players", "1")
    vote(students[1], right=True)  # the others play on
    expect(students[1].get_by_text("1 vote saved")).to_be_visible(timeout=PATIENCE)


def test_two_players_share_no_address(open_page: OpenPage, class_url: str) -> None:
    """Former players cannot recognise a picture by its URL."""
    teacher = open_page(viewport=DESKTOP)
    open_game_tab(teacher, class_url)
    code = start_class(teacher)
    addresses: list[str] = []
    for _ in range(2):
        student, letter = open_page(viewport=DESKTOP), Letter()
        letter.open(student)
        join(student, class_url, code)
        for number in range(1, PICTURES + 1):
            expect_round(student, number)
            addresses += [each["path"] for each in letter.rounds()[-1]["pictures"]]
            letter.clear()
            vote(student, right=True)
    assert len(set(addresses)) == 2 * 2 * PICTURES


def test_a_closed_class_says_so(page: Page, class_url: str) -> None:
    page.goto(f"{class_url}/?class=NOCODE")
    expect(page.get_by_text(ENDED)).to_be_visible(timeout=PATIENCE)
    open_game_tab(page, class_url)
    page.get_by_label("Code of the class").fill("ABC")
    button(page, "Join").click()
    expect(page.get_by_text(ENDED)).to_be_visible(timeout=PATIENCE)


def test_a_class_is_accessible_at_every_width(open_page: OpenPage, class_url: str) -> None:
    teacher, student = (open_page(viewport=DESKTOP) for _ in range(2))
    open_game_tab(teacher, class_url)
    code = start_class(teacher)
    student.goto(f"{class_url}/?class={code}")
    expect(button(student, "Join")).to_be_visible(timeout=PATIENCE)
    failures = failures_in_each_scheme(student, "class-join")
    button(student, "Join").click()
    expect_round(student, 1)
    vote(student, right=True)
    expect_round(student, 2)
    failures |= failures_in_each_scheme(student, "class-round")
    expect_metric(teacher, "Votes", "1 of 5")
    teacher.get_by_text("Show the pictures with their answers").click()
    teacher.get_by_text("Show the players").click()
    expect(teacher.get_by_text("Real colours", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(button(teacher, "Remove")).to_be_visible(timeout=PATIENCE)
    for scheme in each_scheme(teacher):
        # Streamlit dims elements while it redraws them. Here it does so all the time, so a fault must show every time.
        name = f"{scheme}-class-teacher"
        lasting = failures_at_all_widths(teacher, name)
        for _ in range(4):
            lasting = lasting and lasting & failures_at_all_widths(teacher, name)
        failures |= lasting
    assert failures == set()


def test_a_killed_server_loses_no_vote_and_the_class_goes_on(open_page: OpenPage, serve: Serve, tmp_path: Path) -> None:
    kill, database = tmp_path / "kill", tmp_path / "class.sqlite3"
    env = {"KILL_FILE": str(kill), PATH_VARIABLE: str(database)}
    teacher, student = open_page(viewport=DESKTOP), open_page(viewport=PHONE)
    sides: list[str] = []
    with serve(HERE / "game_app.py", env=env) as url:
        teacher.goto(url)
        code = start_class(teacher)
        join(student, url, code)
        for number in range(1, 4):
            expect_round(student, number)
            sides.append(real_side(student))
            button(student, f"{sides[-1]} is real").click()
        expect(student.get_by_text("3 votes saved")).to_be_visible(timeout=PATIENCE)
        links = [urlsplit(page.url).query for page in (teacher, student)]
        memory = teacher.evaluate("({ ...sessionStorage })")
        kill.touch()
        expect(student.get_by_test_id("stStatusWidget")).to_be_visible(timeout=PATIENCE)  # "Connecting"
    key = parse_qs(links[1])["player"][0]
    assert [vote.chosen for vote in Classrooms(database).player(code, key).votes] == sides
    with serve(HERE / "game_app.py", env=env) as url:
        teacher.goto(url)  # at another port, for which the browser has a memory of its own
        teacher.evaluate("memory => Object.assign(sessionStorage, memory)", memory)
        teacher.goto(f"{url}/?{links[0]}")
        student.goto(f"{url}/?{links[1]}")
        expect_metric(teacher, "Votes", "3 of 5")
        expect(student.get_by_text("3 votes saved")).to_be_visible(timeout=PATIENCE)
        play_all(student, fooled=2, first=4)
        expect_metric(teacher, "Votes", "5 of 5")
        expect_metric(teacher, "Fooling rate", "40 %")


def test_a_vote_that_cannot_be_saved_is_not_confirmed(open_page: OpenPage, class_url: str, database: Path) -> None:
    teacher, student = open_page(viewport=DESKTOP), open_page(viewport=DESKTOP)
    open_game_tab(teacher, class_url)
    code = start_class(teacher)
    join(student, class_url, code)
    vote(student, right=True)
    expect(student.get_by_text("1 vote saved")).to_be_visible(timeout=PATIENCE)
    sessions = Classrooms(database)
    expect_round(student, 2)
    sessions.control(code, remembered_key(teacher, code, "teacher")).end()
    vote(student, right=True)
    expect(student.get_by_text(ENDED)).to_be_visible(timeout=PATIENCE)
    expect(student.get_by_text("votes saved")).to_have_count(0)
