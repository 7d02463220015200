"""The engine that runs a learner's function against a network's peers, and reports.

An `Exercise` is a row of `cases`; the `runner` tries each on a `stage` of its own, in bounded time,
where a case may let timeouts run out (`time_out`, `selects`) or close the listener (`closing`),
puts back what the function has changed (`leftovers`), ends what it has left (`escape`), and says in
a `report` what happened, with the belief behind it (`wrong`, `findings`). It knows no chapter. May
import: link, servers, trace, look, ground.
"""
