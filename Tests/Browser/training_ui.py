"""Drives the training UI's pages in headless Chromium.

ADDRESS is a running server with the sessions that TrainingUITests make: "words" and "map" of real trainings, "live" of
one that goes on, "long" of 36,000 reports, "broken" with values that are no numbers and hostile names, "spare" to rename
and delete. Prints one JSON line a check: {"check": …, "ok": …, "message": …}.
"""

import argparse
import sys

from ui_live_checks import ChangeChecks, LiveChecks
from ui_page_checks import PageChecks
from ui_use_checks import UseChecks
from webdriver import Browser

SUITES = {
    "pages": (PageChecks, [
        "overview_has_four_panels", "model_layers_can_be_chosen", "model_shows_histograms_and_neighbors",
        "model_of_a_map", "system_tells_of_the_machine", "map_draws_and_plays", "map_opens_a_table", "runs_are_overlaid"]),
    "use": (UseChecks, [
        "languages_switch", "trainers_speak_japanese", "charts_obey_the_mouse", "charts_obey_the_keyboard",
        "axes_can_be_changed", "arithmetic_is_right", "long_runs_open", "charts_are_saved",
        "values_that_are_no_numbers_show", "reports_without_a_number_leave_no_gap", "names_are_data",
        "narrow_screens_fit", "dark_pages_draw"]),
    "changes": (ChangeChecks, [
        "sessions_are_renamed", "changes_can_be_called_off", "a_page_with_a_stale_token_says_so", "sessions_are_deleted"]),
    "live": (LiveChecks, [
        "points_arrive_and_are_drawn", "a_hidden_tab_costs_nothing", "a_lost_connection_shows_and_comes_back",
        "the_map_moves"]),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=list(SUITES))
    parser.add_argument("address")
    options = parser.parse_args()
    kind, names = SUITES[options.suite]
    with Browser() as browser:
        checks = kind(browser, options.address)
        checks.run(names)
    sys.exit(1 if checks.failed else 0)


main()
