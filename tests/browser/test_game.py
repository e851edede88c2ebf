"""The "Real or coloured?" tab in a real Chromium: one player's game."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from benchmarks.support.photo_tab import PATIENCE
from dashboard.navigation import Tab
from tests.browser.compare_driver import DESKTOP, PHONE
from tests.browser.conftest import Keep, OpenPage, Visit
from tests.browser.game_driver import (
    PICTURES,
    ROUND_DATA,
    TAB,
    Letter,
    button,
    expect_round,
    game,
    leave_answer,
    open_game_tab,
    pictures,
    play_all,
    play_long,
    real_side,
    shown_files,
    vote,
)
from tests.browser.kept_page import KeptPage
from tests.browser.page_driver import expect_address
from tests.browser.photo_driver import encode_picture, expect_settled, photograph, tab_to
from tests.support.paths import SAMPLES
from tests.support.png_structure import structure

SIZES = {"desktop": DESKTOP, "phone": PHONE}
SHOW = "Show them for 1 second"
REASON = re.compile("The program's colours are|The program chose other colours|nearly the same colours")

every_size = pytest.mark.parametrize("size", SIZES)


@pytest.fixture(scope="module")
def kept_tab(keep: Keep, dashboard_url: str) -> KeptPage:
    return keep(lambda page: open_game_tab(page, dashboard_url), before_a_game)


def before_a_game(page: Page) -> None:
    """Leave the game or its result, and set back how long pictures are shown."""
    expect_settled(page)
    leave = page.get_by_role("button", name=re.compile("^(.* )?(Stop|Other pictures)$"))
    if leave.count():
        leave.click()
    expect(button(page, "Play")).to_be_enabled(timeout=PATIENCE)
    page.get_by_text("1 second", exact=True).click()
    expect_settled(page)


@pytest.fixture
def tab(visit: Visit, kept_tab: KeptPage) -> Page:
    """The tab before a game with the samples."""
    return visit(kept_tab)


@pytest.fixture
def own_tab(page: Page, dashboard_url: str) -> Page:
    """The same of a new visitor."""
    open_game_tab(page, dashboard_url)
    return page


def test_a_whole_game_ends_with_its_rate(tab: Page) -> None:
    play_long(tab)
    play_all(tab, fooled=2, alone=True)
    expect(tab.get_by_test_id("stMetricValue")).to_have_text("40 %")
    expect(tab.get_by_text("2 of 5 votes")).to_be_visible()
    expect(tab.get_by_text("12 % and 77 %")).to_be_visible()
    expect(tab.get_by_text("reached 32 %: no clear difference")).to_be_visible()
    results = tab.get_by_text(re.compile(r"^(Pagoda|Chelsea|Astronaut|Dahlia|Espresso): ")).all_inner_texts()
    assert [line.split(": ")[1] for line in results] == ["fooled"] * 2 + ["not fooled"] * 3
    for caption in ("Real colours", "Coloured by Compact"):
        expect(tab.get_by_text(caption, exact=True)).to_have_count(PICTURES)


def test_one_can_play_again_and_stop(tab: Page) -> None:
    play_long(tab)
    play_all(tab, fooled=0, alone=True)
    expect(tab.get_by_test_id("stMetricValue")).to_have_text("0 %")
    button(tab, "Play again").click()
    expect_round(tab, 1)
    vote(tab, right=True)
    leave_answer(tab)
    expect_round(tab, 2)
    button(tab, "Stop").click()
    expect(button(tab, "Play")).to_be_visible()


def test_after_a_vote_the_answer_is_shown_with_a_reason(tab: Page) -> None:
    play_long(tab)
    for number, (right, verdict) in enumerate([(False, "You were fooled"), (True, "Right")], start=1):
        expect_round(tab, number)
        real = real_side(tab)
        vote(tab, right=right)
        expect(tab.get_by_text(f"{verdict}: {real} has the real colours.")).to_be_visible()
        expect(tab.get_by_text(REASON)).to_be_visible()
        assert real_side(tab) == real  # both are shown again, where they were
        for side in "AB":
            label = tab.locator(f".frame.{side.lower()} .label")
            expect(label).to_have_text("Real colours" if side == real else "Coloured by Compact")
        expect(button(tab, "A is real")).to_be_hidden()
        leave_answer(tab)
    expect_round(tab, 3)


def test_keys_vote_before_anything_has_the_focus_but_not_while_someone_types(own_tab: Page) -> None:
    play_long(own_tab)
    own_tab.evaluate("document.body.prepend(Object.assign(document.createElement('input'), { id: 'typed' }))")
    own_tab.locator("#typed").press_sequentially("ab")
    own_tab.locator("#typed").press("ArrowLeft")
    own_tab.evaluate("document.activeElement.blur()")
    own_tab.keyboard.press("Control+b")
    expect(game(own_tab)).to_have_attribute("data-state", "shown")
    for number, key in enumerate(("a", "ArrowLeft", "ArrowRight", "B"), start=1):
        expect_round(own_tab, number)
        own_tab.evaluate("document.activeElement.blur()")
        real = real_side(own_tab)
        own_tab.keyboard.press(key)
        chosen = "A" if key in ("a", "ArrowLeft") else "B"
        verdict = "Right" if chosen == real else "You were fooled"
        expect(own_tab.get_by_text(f"{verdict}: {real} has")).to_be_visible()
        expect(game(own_tab)).to_have_attribute("data-state", "answered")
        own_tab.keyboard.press("Enter")
    expect_round(own_tab, 5)
    own_tab.get_by_role("tab").first.click()
    expect(game(own_tab)).to_be_hidden()
    own_tab.keyboard.press("a")
    own_tab.get_by_role("tab", name=TAB).click()
    expect_round(own_tab, 5)


@every_size
def test_after_a_second_the_pictures_are_gone(open_page: OpenPage, dashboard_url: str, size: str) -> None:
    page = open_page(viewport=SIZES[size], fresh=True)
    page.clock.install()
    open_game_tab(page, dashboard_url)
    button(page, "Play").click()
    show = button(page, SHOW)
    expect(show).to_be_visible(timeout=PATIENCE)
    expect(pictures(page)).to_have_count(0)
    expect(button(page, "A is real")).to_be_disabled()
    expect_settled(page)
    page.clock.pause_at(page.evaluate("Date.now()") + 60_000)  # far enough for the slowest way to the browser
    show.press("Enter")
    page.clock.run_for(950)
    expect(pictures(page)).to_have_count(2)
    for side in range(2):  # both fully visible without scrolling
        expect(pictures(page).nth(side)).to_be_in_viewport(ratio=1)
    page.clock.run_for(150)
    expect(pictures(page)).to_have_count(0)
    page.clock.resume()
    expect(button(page, "B is real")).to_be_enabled()
    expect(show).to_be_hidden()


def test_keys_alone_play_a_whole_game(own_tab: Page) -> None:
    own_tab.reload()
    expect(button(own_tab, "Play")).to_be_enabled(timeout=PATIENCE)
    expect_settled(own_tab)
    tab_to(own_tab, own_tab.get_by_role("tab", name=TAB))
    own_tab.keyboard.press("Home")
    expect(own_tab.get_by_role("tab").first).to_have_attribute("aria-selected", "true")
    # Streamlit shows the tab of the last run that ends, also when another key was pressed since, so the run that this
    # key asks for must have begun, which the address shows, and ended.
    expect_address(own_tab, tab=None)
    expect_settled(own_tab)
    own_tab.keyboard.press("End")
    expect(own_tab.get_by_role("tab", name=TAB)).to_have_attribute("aria-selected", "true")
    expect_address(own_tab, tab=Tab.GAME.value)
    expect(button(own_tab, "Play")).to_be_enabled(timeout=PATIENCE)
    expect_settled(own_tab)
    tab_to(own_tab, button(own_tab, "Play"))
    own_tab.keyboard.press("Enter")
    show = button(own_tab, SHOW)
    expect(show).to_be_visible(timeout=PATIENCE)
    for number in range(1, PICTURES + 1):
        if number > 1:
            expect(show).to_be_focused()
            assert_ring(own_tab)
        own_tab.keyboard.press("Enter")
        expect(show).to_be_hidden()
        if number % 2:  # with the shortcut, or with the button that Tab reaches next
            own_tab.keyboard.press("a")
        else:
            expect(button(own_tab, "A is real")).to_be_enabled()
            own_tab.keyboard.press("Tab")
            expect(button(own_tab, "A is real")).to_be_focused()
            own_tab.keyboard.press("Tab")
            expect(button(own_tab, "B is real")).to_be_focused()
            assert_ring(own_tab)
            own_tab.keyboard.press("Enter")
        expect(game(own_tab).locator(".next")).to_be_focused()
        assert_ring(own_tab)
        own_tab.keyboard.press("Enter")
        if number < PICTURES:
            expect(own_tab.get_by_text(f"Round {number + 1} of {PICTURES}")).to_be_visible()
            expect(show).to_be_visible()
    expect(own_tab.get_by_text("Which pictures fooled most")).to_be_visible()
    tab_to(own_tab, button(own_tab, "Play again"))
    own_tab.keyboard.press("Enter")
    expect(show).to_be_visible()


def assert_ring(page: Page) -> None:
    """Whether the focused element has a visible outline."""
    width = page.evaluate(
        "getComputedStyle(document.activeElement.shadowRoot.activeElement).getPropertyValue('outline-width')"
    )
    assert float(width.removesuffix("px")) >= 2


def test_a_second_press_is_no_vote(tab: Page) -> None:
    button(tab, "Play").click()
    button(tab, SHOW).press("Enter")
    tab.keyboard.press("Enter")
    tab.keyboard.press(" ")
    expect(game(tab)).to_have_attribute("data-state", "hidden")
    expect(tab.get_by_text(f"Round 1 of {PICTURES}")).to_be_visible()


def test_nothing_that_reaches_the_page_tells_the_answer(page: Page, dashboard_url: str) -> None:
    letter = Letter()
    letter.open(page)
    open_game_tab(page, dashboard_url)
    letter.clear()
    play_long(page)
    seen: set[str] = set()
    for number in range(1, PICTURES + 1):
        expect_round(page, number)
        told = letter.rounds()[-1]
        assert set(told) == {"pictures", "ratio", "width", "seconds", "round", "refused", "words"}
        assert [set(each) for each in told["pictures"]] == [{"path", "label"}] * 2
        assert [each["label"] for each in told["pictures"]] == ["Version A", "Version B"]
        # A is always requested first, and every URL is new.
        addresses = [each["path"] for each in told["pictures"]]
        assert [address.partition("/media")[2] for address in letter.addresses] == [
            address.partition("/media")[2] for address in addresses
        ]
        assert not seen & set(addresses)
        seen |= set(addresses)
        real, ours = shown_files(page)
        assert structure(real) == structure(ours)
        assert_sides_differ_in_their_letter_alone(page)
        markup = page.locator(".game").evaluate("element => element.outerHTML")
        for word in ("Pagoda", "Chelsea", "Astronaut", "Dahlia", "Espresso", "Coloured by"):
            assert not [frame for frame in letter.frames if ROUND_DATA in frame and word.encode() in frame]
            assert word not in markup
        letter.clear()
        vote(page, right=True)
        expect(game(page)).to_have_attribute("data-state", "answered")
        assert not letter.addresses  # they are shown again, not fetched again
        letter.clear()
        leave_answer(page)


def assert_sides_differ_in_their_letter_alone(page: Page) -> None:
    sides = [page.locator(f".frame.{side}").evaluate("element => element.outerHTML") for side in "ab"]
    neutral = [
        re.sub(r'src="[^"]*"', "", markup).replace(f"frame {side.lower()}", "").replace(f"Version {side}", "")
        for side, markup in zip("AB", sides, strict=True)
    ]
    assert neutral[0].replace(">A<", "") == neutral[1].replace(">B<", "")


def upload(page: Page, *files: tuple[str, bytes]) -> None:
    page.get_by_text("My photographs", exact=True).click()
    payloads = [FilePayload(name=name, mimeType="image/jpeg", buffer=data) for name, data in files]
    panel = page.get_by_role("tabpanel", name=TAB)
    panel.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(payloads)


def test_own_photographs_can_be_played_with(own_tab: Page) -> None:
    color = [(name, (SAMPLES / "colour" / name).read_bytes()) for name in ("cat.jpg", "dahlia.jpg")]
    upload(own_tab, *color, ("grandma.jpg", encode_picture(photograph(300, 200))), ("letter.jpg", b"Dear grandma"))
    expect(own_tab.get_by_text("grandma.jpg: This picture is grey")).to_be_visible(timeout=PATIENCE)
    expect(own_tab.get_by_text("letter.jpg: This is no picture that the program can read")).to_be_visible()
    expect_settled(own_tab)
    button(own_tab, "Play").click()
    expect(own_tab.get_by_text("Round 1 of 2")).to_be_visible(timeout=PATIENCE)
    for _ in range(2):
        button(own_tab, SHOW).click()
        button(own_tab, "A is real").click()
        leave_answer(own_tab)
    expect(own_tab.get_by_text("Which pictures fooled most")).to_be_visible(timeout=PATIENCE)
    for name in ("cat.jpg", "dahlia.jpg"):
        expect(own_tab.get_by_text(re.compile(f"^{re.escape(name)}: (not )?fooled$"))).to_be_visible()


def test_without_a_photograph_there_is_nothing_to_play(own_tab: Page) -> None:
    upload(own_tab, ("grandma.jpg", encode_picture(photograph(300, 200))))
    expect(own_tab.get_by_text("grandma.jpg: This picture is grey")).to_be_visible(timeout=PATIENCE)
    for name in ("Play", "Start a class"):
        expect(button(own_tab, name)).to_be_disabled()


def test_the_other_network_is_offered_where_it_is_missing(tab: Page) -> None:
    tab.get_by_role("tabpanel", name=TAB).get_by_text("Zhang et al. 2016", exact=True).click()
    dialog = tab.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Fetch 129 MB")).to_be_visible(timeout=PATIENCE)
    dialog.get_by_role("button", name="Keep Compact").click()
    expect(dialog).to_have_count(0)
    expect(button(tab, "Play")).to_be_enabled()
