#!/usr/bin/env python3
"""Makes up what happens outside while the journeys run: mails that are opened, pages that are read, forms that are sent.

    python3 data/make_events.py > data/events.jsonl

Reads accounts.csv and people.csv beside it. The same files make the same events on every machine.
"""
import csv
import hashlib
import json
import os
import re
from datetime import datetime, timedelta

here = os.path.dirname(os.path.abspath(__file__))
START = datetime(2026, 1, 5, 9, 0)  # the first mails are out, in UTC
PAGES = ("start", "trial", "report", "prices")
events = []


def chance(subject, below):
    """A number from 0 to below - 1 that is always the same for a subject."""
    return int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8], "big") % below


def rows_of(name):
    with open(os.path.join(here, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def happens(day, person, what, **properties):
    """On a day after the start, within its eight hours of work."""
    minute = chance(f"{person['key']} {what} {day} {sorted(properties.items())}", 480)
    at = START + timedelta(days=day, minutes=minute)
    while at.weekday() >= 5:
        at += timedelta(days=1)
    events.append((at, person["key"], {"type": what, "person": person["key"], **properties}))
    return (at - START).days


def decides(person):
    return re.match("(?i)(chief|vp|head|director)", person["title"])


def joins(day, asked, person, part, named):
    """Somebody comes forward: named by the one who was asked, or after an ad. Gives the day."""
    if named:
        day = happens(day, asked, "email.opened")
        day = happens(day + 1, asked, "form.submitted", form="who-else", colleague=person["email"])
        day = happens(day + 1, person, "email.clicked")
    else:
        day = happens(day + 2, person, "page.viewed", url="https://seeds.example/?from=ad")
    return happens(day + 1 + chance(person["key"] + " joins", 2), person, "form.submitted", form="your-part", part=part)


def reads(day, members, weeks):
    """More of them every week, and with more attention."""
    for week in range(weeks):
        for member in members[: week + 1]:
            seen = day + 7 * week + chance(f"{member['key']} reads {week}", 5)
            happens(seen, member, "email.opened")
            for page in range(2 * week):
                happens(seen + page % 3, member, "page.viewed", url=f"https://seeds.example/{PAGES[page]}")


def account_acts(account, people):
    deciders = [person for person in people if decides(person)]
    colleagues = [person for person in people if not decides(person)]
    mood = chance(account["key"] + " mood", 100)
    first = deciders[0]
    day = chance(account["key"] + " day", 6)
    if mood < 50 or not colleagues:  # nobody answers
        if mood < 20:
            happens(day, first, "email.opened")
        return
    if mood >= 97:  # those who have waited for it
        for number in range(12):
            happens(day + number // 4, first, "page.viewed", url=f"https://seeds.example/field-{number}")
    named = chance(account["key"] + " named", 10) < 6
    day = joins(day, first, colleagues[0], "practitioner", named)
    if mood < 62 or len(colleagues) < 2:  # one colleague, and no more
        return
    day = joins(day + 1 + chance(account["key"] + " pause", 4), first, colleagues[1], "influencer", not named)
    if mood < 75:  # enough are there, and none of them reads
        happens(day + 3, first, "email.opened")
        return
    reads(day + 1, [colleagues[1], first, colleagues[0]], 3)


def main():
    people_of = {}
    for person in rows_of("people.csv"):
        people_of.setdefault(person["account"], []).append(person)
    for account in rows_of("accounts.csv"):
        if account["industry"] in ("agriculture", "technology", "food") and int(account["employees"]) >= 60:
            account_acts(account, people_of[account["key"]])
    events.sort(key=lambda event: event[:2])
    for number, (at, _, event) in enumerate(events, 1):
        print(json.dumps({"id": f"grw-e{number:04}", "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), **event},
                         ensure_ascii=False, separators=(",", ":")))


main()
