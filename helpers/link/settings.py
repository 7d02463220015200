"""From the plain numbers that a link is given to impairments."""

from __future__ import annotations

from helpers.link.impairments import (
    LONGEST,
    BurstLoss,
    Corrupt,
    Delay,
    Duplicate,
    Impairment,
    Jitter,
    Loss,
    Mtu,
    Rate,
    Reorder,
    Script,
)
from helpers.link.ranges import number

# The settings of `parse`, each with what it is when it is not given.
PLAIN = {
    "loss": 0.0,
    "burst": 1.0,
    "delay": 0.0,
    "jitter": 0.0,
    "jitter_shape": "uniform",
    "keep_order": False,
    "duplicate": 0.0,
    "reorder": 0.0,
    "reorder_delay": 0.01,
    "corrupt": 0.0,
    "mtu": None,
    "rate": None,
    "queue": 65_536,
    "script": None,
}


def parse(**settings: object) -> list[Impairment]:
    """The impairments that plain numbers describe, in order; a zero leaves its impairment out.

    Args:
        loss: the probability of loss, 0 to 1.
        burst: the mean number of packets lost in a row. 1 stands for independent loss; more makes
            a `BurstLoss` with the mean `loss`, and must then be at least 1/(1-loss).
        delay, jitter: seconds, see `Delay` and `Jitter`.
        jitter_shape: "uniform" or "normal".
        keep_order: True where jitter may not reorder packets.
        duplicate, reorder: probabilities, 0 to 1.
        reorder_delay: for how many seconds a chosen packet is held back; 0.01 unless given.
        corrupt: the probability that one to three bits of a packet are flipped, 0 to 1.
        mtu: bytes of payload beyond which a packet vanishes, or None for no limit.
        rate: bytes a second, or None for no limit.
        queue: bytes before that bottleneck; 65,536 unless given.
        script: a list or dict of fates, see `Script`, or None.

    Raises:
        TypeError: for a setting that is unknown or of a wrong type.
        ValueError: for a value out of range.
    """
    for name in settings:
        if name not in PLAIN:
            raise TypeError(f"a link has no setting {name!r}: it knows {', '.join(PLAIN)}")
    given = PLAIN | settings
    if not isinstance(given["keep_order"], bool):
        raise TypeError(f"keep_order is {given['keep_order']!r}: use True or False")
    loss = Loss(given["loss"])
    burst = number("the mean burst length", given["burst"], 1, LONGEST)
    rate, script, mtu = given["rate"], given["script"], given["mtu"]
    choices = {
        "script": Script([] if script is None else script),
        "loss": BurstLoss(given["loss"], burst) if loss.probability and burst > 1 else loss,
        "mtu": Mtu(1 if mtu is None else mtu),
        "duplicate": Duplicate(given["duplicate"]),
        "corrupt": Corrupt(given["corrupt"]),
        "delay": Delay(given["delay"]),
        "jitter": Jitter(given["jitter"], given["jitter_shape"], not given["keep_order"]),
        "reorder": Reorder(given["reorder"], given["reorder_delay"]),
        "rate": Rate(1 if rate is None else rate, given["queue"]),
    }
    return [impairment for name, impairment in choices.items() if given[name]]
