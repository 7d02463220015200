"""Programs of A2 that were never tried together: right ones agree, broken ones are found out."""

from concurrent.futures import ThreadPoolExecutor

from helpers.assignments.a2.peers import INTEROP, converse

PROGRAMS = {each.name: each.names for each in INTEROP.programs}
OURS, OTHER = "the course's own", "another right one"
EXPECTED = {
    (OURS, OTHER): "worked",
    (OTHER, OURS): "worked",
    (OURS, "receiver D"): "refused properly",
    (OTHER, "receiver E"): "refused properly",
    (OURS, "receiver F"): "worked",  # nothing was wrong that it could have missed
    ("sender A", OURS): "refused properly",
    ("sender B", OTHER): "refused properly",
    ("sender C", OURS): "refused properly",
    ("sender C", "receiver F"): "wrong",
}


def test_what_comes_of_a_conversation_is_told_by_who_is_broken():
    with ThreadPoolExecutor(len(EXPECTED)) as pool:
        talks = pool.map(lambda pair: converse(PROGRAMS[pair[0]], PROGRAMS[pair[1]]), EXPECTED)
        found = dict(zip(EXPECTED, talks, strict=True))
    assert {pair: talk.outcome for pair, talk in found.items()} == EXPECTED
    assert "section 5" in found["sender C", "receiver F"].must
