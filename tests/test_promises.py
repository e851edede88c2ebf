"""What the documents promise on visitors' data and on hosting, and the test of each sentence.

A sentence that is changed, or a test that is gone, fails here. The tests themselves say whether the promise holds.
"""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache

import pytest

from dashboard.game.classroom.sessions import CLEANUP_SECONDS, MAX_AGE_SECONDS
from dashboard.game.classroom.teacher import REFRESH_SECONDS
from dashboard.server.session import session_ttl
from dashboard.server.settings import BUDGETS
from tests.support.paths import ROOT

README, SECURITY, HOSTING = "README.md", "SECURITY.md", "docs/hosting.md"
SERVER, GAME, BROWSER = "tests/dashboard/server/", "tests/dashboard/game/", "tests/browser/"
CLASS = f"{BROWSER}test_class.py::"
HOSTED = "tests/test_hosting.py::"

# Part of a sentence, by document, and its test.
PROMISES = {
    README: {
        "sends nothing to any other computer": (
            "tests/test_no_outside.py::test_a_server_for_the_network_contacts_nobody"
        ),
        "Only this computer can open the page unless": "tests/test_promises.py::test_make_run_is_for_this_computer",
        "when the page has been closed or without its connection for two minutes": (
            f"{SERVER}test_housekeeping.py::test_the_program_looks_after_the_sessions_by_itself"
        ),
        "and running work stopped": (
            f"{SERVER}test_housekeeping.py::test_when_a_session_is_gone_its_jobs_end_before_its_folder_goes"
        ),
        "and when the program ends": f"{HOSTED}test_visitors_files_have_other_names_and_go_with_the_program",
        "the next start removes what it left": (
            f"{HOSTED}test_a_start_removes_what_a_killed_program_left_and_a_class_of_yesterday"
        ),
        "deletes the pictures and votes": (
            f"{GAME}classroom/test_sessions.py::test_the_end_removes_pictures_and_votes_from_the_disk"
        ),
        "deleted after a day, within ten minutes": (
            f"{GAME}classroom/test_sessions.py::test_the_watch_removes_by_itself"
        ),
        "when it starts again": f"{HOSTED}test_a_start_removes_what_a_killed_program_left_and_a_class_of_yesterday",
        "You can project the page: nothing on it is secret": f"{CLASS}test_a_projected_page_shows_no_secret",
        "cannot join again in the same tab": f"{CLASS}test_a_teacher_locks_the_class_and_removes_a_player",
        "it copies a link that works once": (f"{CLASS}test_a_copied_link_opens_the_class_on_one_more_device"),
        "both pages are where they were": (f"{CLASS}test_a_killed_server_loses_no_vote_and_the_class_goes_on"),
        "it survives even if the program is killed": (
            f"{GAME}classroom/test_database.py::test_a_killed_process_loses_no_confirmed_vote"
        ),
        "they differ in their pixels alone": (
            f"{GAME}test_round.py::test_in_200_rounds_no_number_of_the_answers_beats_chance"
        ),
        "addresses are never reused": f"{CLASS}test_two_players_share_no_address",
    },
    SECURITY: {
        "Nothing else of visitors is written": (
            f"{HOSTED}test_visitors_files_have_other_names_and_go_with_the_program"
        ),
        "rejected if that fails": f"{HOSTED}test_what_is_no_photograph_is_neither_run_nor_shown",
        "whose memory and time are limited": (
            f"{SERVER}test_workers.py::test_a_task_that_takes_too_much_or_crashes_is_one_sentence"
        ),
        "never written to disk under their own names": (
            f"{HOSTED}test_visitors_files_have_other_names_and_go_with_the_program"
        ),
        "what the program serves, it has encoded itself": f"{HOSTED}test_what_comes_of_an_upload_is_a_picture",
        "Every upload needs the page's XSRF token": f"{HOSTED}test_an_upload_without_the_token_is_refused",
        "so is what one session and one network address may use": (
            f"{SERVER}test_budgets.py::test_every_setting_of_a_budget_is_used_by_one"
        ),
        "have URLs that cannot be guessed": f"{SERVER}test_downloads.py::test_an_address_stays_and_cannot_be_guessed",
        "and expire with it": f"{SERVER}test_downloads.py::test_what_is_made_for_a_visitor_goes_with_the_visitor",
        "hold no file names, contents, network addresses": f"{HOSTED}test_nothing_of_a_visitor_is_written_down",
        "The file holds hashes of keys": f"{GAME}classroom/test_database.py::test_the_file_holds_no_key",
        "leaves the address when the page has opened it": (
            f"{CLASS}test_a_key_in_the_address_is_exchanged_and_leaves_it"
        ),
        "Every response of the program has a [Content-Security-Policy]": (
            f"{HOSTED}test_every_address_answers_with_the_headers"
        ),
        "allows no external origin, no `eval`": f"{SERVER}test_security.py::test_no_script_but_the_pages_own",
        "Only this page may show itself in a frame": (
            f"{BROWSER}test_policy.py::test_no_other_site_shows_the_page_in_a_frame"
        ),
        "fails on any violation of the policy": f"{BROWSER}test_policy.py::test_all_tabs_work_within_the_policy",
        "fails if a page contacts another computer": (
            f"{BROWSER}test_page_record.py::test_a_request_to_an_outside_host_fails_the_check"
        ),
        "(DNS rebinding) gets status 421": f"{HOSTED}test_for_this_computer_alone_a_foreign_name_is_refused",
        "among them the metrics, answer with status 404": (
            f"{HOSTED}test_endpoints_that_the_page_does_not_need_are_closed"
        ),
        "answer with status 401": f"{BROWSER}test_login.py::test_without_a_login_nothing_is_answered",
        "A test records every address": "tests/test_no_outside.py::test_the_record_has_what_is_contacted",
        "their SHA-256 is checked before use": "tests/colorizer/network/test_weights.py::test_fetches_and_checks",
        "manifests are not fetched": (
            "tests/colorizer/recipe/signing/test_signing.py::test_a_manifest_at_an_address_is_not_fetched"
        ),
        "loaded by its full path": (
            "tests/colorizer/recipe/signing/test_signing.py::test_the_library_is_not_taken_from_the_current_folder"
        ),
        "You configure ICE servers": "tests/test_no_outside.py::test_a_camera_asks_no_ice_server_that_nobody_has_named",
    },
    HOSTING: {
        "uploads are refused, an album that": f"{HOSTED}test_an_upload_on_a_full_disk_is_refused_in_words",
        "ends with the photographs that are done, and a film": (
            "tests/dashboard/album/test_album.py::test_a_run_ends_at_the_floor_of_free_space"
        ),
        "limits that to one": f"{SERVER}test_queues.py::test_as_many_jobs_run_at_once_as_the_environment_says",
        "answers with status 200 and `ok`": f"{HOSTED}test_the_program_says_that_it_is_well",
        "A visitor who has used up a limit is told so": (
            f"{SERVER}test_uploads.py::test_the_page_says_why_once_for_many_files"
        ),
        "Requests under other names get status 421": (
            f"{SERVER}test_access.py::test_for_a_network_every_name_is_answered_unless_some_are_set"
        ),
        "upload and download then needs the login": f"{BROWSER}test_login.py::test_one_logs_in_and_out",
    },
}
ALL = [(document, words, test) for document, promises in PROMISES.items() for words, test in promises.items()]


@cache
def text_of(document: str) -> str:
    return " ".join((ROOT / document).read_text(encoding="utf-8").split())


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("document", "words", "test"), ALL, ids=[words for _, words, _ in ALL])
def test_every_promise_stands_there_and_has_a_test(document: str, words: str, test: str) -> None:
    assert words in text_of(document)
    path, _, name = test.partition("::")
    assert name in functions_of(path)


def test_make_run_is_for_this_computer() -> None:
    command = ["make", "--dry-run", "--always-make", "run"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "streamlit run streamlit_app.py --server.address=localhost" in printed


def test_the_times_are_those_of_the_program() -> None:
    assert session_ttl() == 120  # "two minutes"
    assert MAX_AGE_SECONDS == 24 * 3600  # "after a day"
    assert CLEANUP_SECONDS == 600  # "within ten minutes"
    assert REFRESH_SECONDS == 2  # "every two seconds"


def test_the_table_of_limits_is_that_of_the_settings() -> None:
    found = re.findall(r"`(COLORIZER_(?:SESSION|ADDRESS)_[A-Z_]+)`, (\d+) \|", text_of(HOSTING))
    numbers = [number for budget in BUDGETS for number in (budget.session, budget.address) if number is not None]
    assert dict(found) == {number.variable: f"{number.default:g}" for number in numbers}
