#!/usr/bin/env python3
"""Writes the small corpus, small.txt, and its word groups, small-groups.tsv, from a seeded grammar.

One sentence a line, lower case, words separated by one space, no punctuation. Twelve groups of twelve words
(numbers, family, colours, ...) appear in sentences of their own kind and sometimes in one another's, so that word
vectors trained on it fall into clear groups. Every word and every sentence was written for this project. The same
seed gives the same bytes with any Python 3.

    python3 generate.py            writes both files beside this script
    python3 generate.py --check    fails when the files differ from what the script gives
"""

import argparse
import os
import random
import re
import sys
from pathlib import Path

SEED = 1
SENTENCES = 7000

COUNTRIES = "france italy spain germany japan egypt greece norway portugal austria russia peru".split()
CAPITALS = "paris rome madrid berlin tokyo cairo athens oslo lisbon vienna moscow lima".split()
NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
MONTHS = "january february march april may june july august september october november december".split()

GROUPS = {
    "numbers": NUMBERS,
    "family": "father mother brother sister son daughter uncle aunt cousin grandfather grandmother nephew".split(),
    "colours": "red blue green yellow black white brown purple orange pink grey violet".split(),
    "animals": "dog cat horse cow sheep goat pig wolf fox bear lion rabbit".split(),
    "countries": COUNTRIES,
    "capitals": CAPITALS,
    "food": "bread cheese butter soup rice beans apples eggs honey cake porridge onions".split(),
    "metals": "gold silver copper iron tin lead zinc nickel platinum bronze steel brass".split(),
    "rivers": "nile rhine danube seine thames volga tiber ganges amazon loire elbe mississippi".split(),
    "months": MONTHS,
    "body": "head hand foot arm leg shoulder knee finger neck elbow ear nose".split(),
    "professions": "baker tailor doctor teacher farmer sailor judge painter carpenter lawyer weaver miller".split(),
}

# Words that are no group of their own: what a sentence is made of besides.
WORDS = {
    "name": "anna peter clara martin helen victor nora simon lucy oscar",
    "day": "monday tuesday wednesday thursday friday saturday sunday",
    "said": "said thought heard knew remembered",
    "soon": "soon later again at_last in_the_end after_that",
    "old": "old young kind proud tired happy quiet",
    "size": "small large long narrow heavy light",
    "thing": "coat door ribbon flag boat wall curtain scarf hat vase",
    "count": "coins stones letters chairs steps candles books days",
    "cooking": "baked boiled cooked warmed tasted sliced",
    "meal": "breakfast dinner supper lunch",
    "craft": "melted forged hammered polished cast smelted",
    "metal_thing": "ring sword bell coin chain nail kettle crown",
    "place": "field stable forest barn meadow hill yard",
    "did": "ran slept barked jumped hid waited ate drank",
    "flows": "flows winds runs rushes",
    "bank": "bank bridge shore mouth valley",
    "weather": "rain snow frost sunshine wind fog storms",
    "season": "spring summer autumn winter",
    "hurt": "hurt broke washed bandaged bumped scratched",
    "work": "worked earned studied argued measured",
    "shop": "workshop market office school harbour court",
    "tool": "tools apron papers wages bench",
}

# A template's words in braces are replaced: a group's name, a key of WORDS, or a pair that belongs together.
# {add} is a sum that is right; {country:1} and {capital:1} in one sentence belong to each other.
TEMPLATES = {
    "numbers": [
        "{add}",
        "{add} and everyone {said} so",
        "count from {numbers} to {numbers} and then stop",
        "there were {numbers} {count} on the table and {numbers} {count} on the floor",
        "{name} counted {numbers} {count} and then {numbers} more",
        "{numbers} is more than {numbers}",
        "{numbers} times {numbers} is a large number",
        "the children learned to count {numbers} {numbers} {numbers}",
        "he paid {numbers} coins instead of {numbers}",
        "only {numbers} of the {numbers} {count} were left",
    ],
    "family": [
        "her {family} and her {family} came to the wedding",
        "my {family} loves my {family}",
        "{name} wrote to his {family} about the baby",
        "the {family} of {name} married a {old} widow",
        "his {family} was born before his {family}",
        "our {family} kissed our {family} good night",
        "a letter came from my {old} {family} and my {family} cried",
        "{name} is the {family} of {name} and lives with her {family}",
        "your {family} looks like your {family} {said} {name}",
        "the whole family came the {family} the {family} and the {family}",
    ],
    "colours": [
        "the {thing} was painted {colours} and {colours}",
        "she wore a {colours} {thing} with a {colours} {thing}",
        "mix {colours} paint with {colours} paint",
        "the sky turned {colours} and then {colours}",
        "{name} dyed the {thing} {colours} because {colours} looked too bright",
        "dark {colours} and pale {colours} are lovely shades",
        "the {colours} {thing} faded to {colours}",
        "a bright {colours} {thing} hung beside the {colours} one",
        "which colour do you like {colours} or {colours}",
    ],
    "animals": [
        "the {animals} {did} in the {place} beside the {animals}",
        "a wild {animals} chased the {animals} through the {place}",
        "the {old} {animals} {did} and the {animals} {did}",
        "feed the {animals} before the {animals} gets hungry",
        "{name} saw a {animals} and a {animals} in the {place}",
        "the tail of the {animals} is longer than the tail of the {animals}",
        "the {animals} and its young {did} in the {place}",
        "a {animals} has fur and four paws {said} {name}",
        "the hunter followed the tracks of a {animals} into the {place}",
    ],
    "countries": [
        "{capitals:1} is the capital of {countries:1}",
        "the king of {countries} made peace with the king of {countries}",
        "the people of {countries} speak their own language",
        "{name} travelled through {countries} and crossed the border into {countries}",
        "the army of {countries} defended the border against {countries}",
        "{countries} sells wine to {countries}",
        "the government of {countries} signed a treaty with {countries}",
        "she was born in {countries} but grew up in {countries}",
        "the map shows {countries} and its neighbour {countries}",
    ],
    "capitals": [
        "{capitals:1} is the capital of {countries:1}",
        "the train from {capitals} to {capitals} was late",
        "the streets of {capitals} are full of cafes and theatres",
        "the mayor of {capitals} opened a new museum",
        "they rented a flat in {capitals} near the opera",
        "the night train leaves {capitals} and arrives in {capitals}",
        "the suburbs of {capitals} are larger than the suburbs of {capitals}",
        "{name} flew from {capitals} to {capitals} with one suitcase",
        "the hotel in {capitals} stood near the central station",
    ],
    "food": [
        "we ate {food} and {food} for {meal}",
        "{name} {cooking} the {food} and {cooking} the {food}",
        "please pass the {food} and the {food}",
        "fresh {food} tastes better than cold {food}",
        "the cook {cooking} {food} with salt and {food}",
        "they were hungry and bought {food} and {food} for {meal}",
        "a plate of {food} and a bowl of {food}",
        "there is no {meal} without {food}",
        "add the {food} to the pan and stir the {food}",
    ],
    "metals": [
        "the smith {craft} the {metals} into a {metal_thing}",
        "a {metal_thing} of {metals} and a {metal_thing} of {metals}",
        "{metals} melts before {metals} does",
        "miners dug {metals} and {metals} out of the mountain",
        "the {metal_thing} was made of {metals} not of {metals}",
        "{metals} is harder than {metals}",
        "ore of {metals} lies deep in the mine",
        "they {craft} {metals} and {metals} in the furnace",
        "a thin sheet of {metals} covered the {metals} {metal_thing}",
    ],
    "rivers": [
        "the {rivers} {flows} slowly to the sea",
        "the waters of the {rivers} rose above the {bank}",
        "boats sail down the {rivers} and up the {rivers}",
        "they crossed the {rivers} by the stone {bank}",
        "the {rivers} is a longer river than the {rivers}",
        "fishermen live on the {bank} of the {rivers}",
        "the {rivers} {flows} past the {bank} and the {rivers} floods the plain",
        "the source of the {rivers} lies in the mountains",
        "the ferry on the {rivers} waited for the flood to pass",
    ],
    "months": [
        "{next}",
        "{months} brought {weather} and {months} brought {weather}",
        "the {season} began in {months} and ended in {months}",
        "the school closed in {months} and opened in {months}",
        "on a {day} in {months} the {weather} came",
        "from {months} until {months} the nights are long",
        "last {months} was warmer than {months}",
        "the {weather} of {months} lasted until {months}",
        "the calendar hung open at {months} although it was {months}",
    ],
    "body": [
        "he {hurt} his {body} and his {body}",
        "{name} {hurt} her left {body} when she fell",
        "the bone of the {body} is near the {body}",
        "she felt a pain in her {body} and in her {body}",
        "raise your {body} and touch your {body}",
        "his {body} was swollen and his {body} was sore",
        "the nurse {hurt} the right {body} and then the left {body}",
        "rub your {body} until the {body} is warm",
        "a bruise on the {body} and a cut on the {body}",
    ],
    "professions": [
        "the {professions} {work} in the {shop} all week",
        "{name} became a {professions} and not a {professions}",
        "the {professions} put down the {tool} and talked to the {professions}",
        "an honest {professions} is paid better than a lazy {professions}",
        "the {professions} hired a {professions} for the {shop}",
        "she trained as a {professions} under a famous {professions}",
        "the {tool} of the {professions} lay in the {shop}",
        "the {professions} {work} hard while the {professions} {work} little",
        "ask the {professions} or the {professions} at the {shop}",
    ],
}

# Sentences that join groups, as real text does.
MIXED = [
    "the {professions} from {capitals} ate {food} for {meal}",
    "the {colours} {animals} drank from the {rivers}",
    "my {family} has {numbers} {count}",
    "her {family} works as a {professions} in {capitals:1} in {countries:1}",
    "in {months} the {rivers} freezes",
    "the {animals} bit the {professions} in the {body}",
    "a {metals} {metal_thing} with {numbers} {colours} stones",
    "{countries} exports {metals} and {food}",
    "the {rivers} {flows} through {countries}",
    "my {family} bought {numbers} {animals} in {months}",
]
MIXED_SHARE = 0.06

PAIRED = {"countries": COUNTRIES, "capitals": CAPITALS}
PLACEHOLDER = re.compile(r"\{(\w+)(?::(\d))?\}")


class Grammar:
    """Draws sentences. Only random() is used, whose sequence Python promises to keep."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def below(self, count):
        return int(self.random.random() * count)

    def pick(self, items):
        return items[self.below(len(items))]

    def pick_group_word(self, group, used):
        """A word that the sentence does not have yet; the first words of a group are more frequent than its last."""
        words = [word for word in GROUPS[group] if word not in used]
        return words[int(len(words) * self.random.random() ** 1.4)]

    def addition(self):
        first = self.below(len(NUMBERS) - 1)
        second = self.below(len(NUMBERS) - 1 - first)
        return f"{NUMBERS[first]} and {NUMBERS[second]} make {NUMBERS[first + second + 1]}"

    def next_month(self):
        month = self.below(len(MONTHS))
        return f"after {MONTHS[month]} comes {MONTHS[(month + 1) % len(MONTHS)]}"

    def expand(self, template):
        pairs = {}
        used = set()

        def replace(match):
            name, pair = match.groups()
            if name == "add":
                return self.addition()
            if name == "next":
                return self.next_month()
            if pair is not None:
                index = pairs.setdefault(pair, self.below(len(COUNTRIES)))
                return PAIRED[name][index]
            if name in GROUPS:
                word = self.pick_group_word(name, used)
                used.add(word)
                return word
            return self.pick(WORDS[name].split()).replace("_", " ")

        return PLACEHOLDER.sub(replace, template)

    def sentence(self):
        if self.random.random() < MIXED_SHARE:
            return self.expand(self.pick(MIXED))
        text = self.expand(self.pick(TEMPLATES[self.pick(list(TEMPLATES))]))
        start = self.random.random()
        if start < 0.08:
            text = f"{self.expand('{soon}')} {text}"
        elif start < 0.14:
            text = f"{self.expand('{name} {said}')} that {text}"
        return text


def corpus(seed, sentences):
    grammar = Grammar(seed)
    return "".join(grammar.sentence() + "\n" for _ in range(sentences))


def group_table():
    return "".join(f"{word}\t{group}\n" for group, words in GROUPS.items() for word in words)


def write(path, text):
    """Writes beside the file, then renames."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(text.encode("utf-8"))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = Path(__file__).resolve().parent
    parser.add_argument("--output", type=Path, default=here, help="folder (default: beside this script)")
    parser.add_argument("--seed", type=int, default=SEED, help="default: %(default)s")
    parser.add_argument("--sentences", type=int, default=SENTENCES, help="default: %(default)s")
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    options = parser.parse_args()

    files = {"small.txt": corpus(options.seed, options.sentences), "small-groups.tsv": group_table()}
    for name, text in files.items():
        path = options.output / name
        if not options.check:
            write(path, text)
        elif not path.exists() or path.read_bytes() != text.encode("utf-8"):
            sys.exit(f"{path} is not what {Path(__file__).name} gives: run it without --check")


if __name__ == "__main__":
    main()
