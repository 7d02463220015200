"""The engine that runs a learner's function against a network's peers, and reports.

An `Exercise` is a row of `cases`; the `runner` tries each on a `stage` of its own, in bounded time,
where a case may let timeouts run out (`time_out`, `selects`) or close the listener (`closing`),
puts back what the function has changed (`leftovers`), ends what it has left (`escape`), and says in
a `report` what happened, with the belief behind it (`wrong`, `findings`): the failure to mend first
(`causes`) with its `steps`, and all else in a line. An error of Python's own is told as what was
done (`errors` and its tables, `slips`), and one case alone is shown `closely`. Where the function
is the peer and tells right programs from wrong ones, `judges` makes the cases, and `verdicts` asks
it about all programs at once. It knows no chapter.
May import: link, servers, trace, look, ground.
"""
