#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks every case's chain of events in a onedoor SQLite database (docs/audit-chain.md).

Shares no code with the program; follows the document, with the standard library only.

    tools/verify-chain.py /var/lib/onedoor/onedoor.db

Prints "whole: N cases, N events" (exit 0) or the first fault as "PLACE/CASE event SEQ: why"
(exit 1). Exit 2: usage or no such database.
"""
import hashlib
import os
import sqlite3
import sys


def event_hash(prev, place, case, seq, at, kind, actor, data):
    head = ["onedoor-event-1", prev, place, str(case), str(seq), str(at), kind, actor]
    if any(ord(c) < 32 or ord(c) == 127 for field in (kind, actor) for c in field):
        return None
    return hashlib.sha256(("\n".join(head) + "\n" + data).encode()).hexdigest()


def check_case(db, place, case, last_seq, last_hash):
    """(events walked, None) or (events walked, (seq, why))."""
    prev, seq = "0" * 64, 0
    for row in db.execute("select seq, at, kind, actor, data, prev, hash from events"
                          " where place = ? and case_id = ? order by seq", (place, case)):
        if row[0] != seq + 1:
            return seq, (seq + 1, "an event is missing or slipped in")
        if row[5] != prev:
            return seq, (row[0], "does not follow the one before")
        if row[6] != event_hash(prev, place, case, *row[:5]):
            return seq, (row[0], "was changed")
        seq, prev = row[0], row[6]
    if seq < last_seq:
        return seq, (seq + 1, "the stream was cut")
    if seq > last_seq:
        return seq, (last_seq + 1, "the case knows nothing of it")
    if prev != last_hash and not (seq == 0 and last_hash == ""):
        return seq, (seq, "the case names another last hash")
    return seq, None


def verify(db):
    cases = events = 0
    db.execute("begin")
    for place, case, last_seq, last_hash in db.execute(
            "select place, id, last_seq, last_hash from cases order by place, id"):
        walked, fault = check_case(db, place, case, last_seq, last_hash)
        cases, events = cases + 1, events + walked
        if fault:
            return f"{place}/{case} event {fault[0]}: {fault[1]}", 1
    lost = db.execute("select place, case_id, seq from events where not exists (select 1 from cases"
                      " where cases.place = events.place and cases.id = events.case_id)"
                      " order by place, case_id, seq limit 1").fetchone()
    if lost:
        return f"{lost[0]}/{lost[1]} event {lost[2]}: its case is missing", 1
    return f"whole: {cases} cases, {events} events", 0


def main(argv):
    if len(argv) != 2 or not os.path.isfile(argv[1]):
        print(__doc__, file=sys.stderr)
        return 2
    db = sqlite3.connect("file:" + argv[1].replace("?", "%3f") + "?mode=ro", uri=True)
    text, code = verify(db)
    print(text)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv))
