"""Estimators with a slip, as people really make them, each in the place of RFC 6298's timer."""

from __future__ import annotations


class Estimator:
    """RFC 6298's timer, without a slip. A subclass has one."""

    def __init__(self, minimum: float = 1.0, maximum: float = 60.0) -> None:
        self.minimum, self.maximum = minimum, maximum
        self.smooth = self.deviation = 0.0
        self.known, self.factor = False, 1.0

    def sample(self, rtt: float) -> None:
        """Take a round-trip time in seconds."""
        self.factor = 1.0
        if self.known:
            self.later(rtt)
        else:
            self.first(rtt)
        self.known = True

    def first(self, rtt: float) -> None:
        """What the first sample gives."""
        self.smooth, self.deviation = rtt, rtt / 2

    def later(self, rtt: float) -> None:
        """What each later sample gives."""
        self.deviation += (abs(self.smooth - rtt) - self.deviation) / 4
        self.smooth += (rtt - self.smooth) / 8

    def back_off(self) -> None:
        """Double the timer."""
        self.factor *= 2

    def raw(self) -> float:
        """The timer before bounds and backing off."""
        return self.smooth + self.margin() if self.known else self.start()

    def start(self) -> float:
        """The timer before the first sample."""
        return 1.0

    def margin(self) -> float:
        """What is added to the smooth round trip."""
        return max(0.001, 4 * self.deviation)

    def timeout(self) -> float:
        """The timer in seconds."""
        plain = min(max(self.raw(), self.minimum), self.maximum)
        return min(plain * self.factor, self.maximum)


class MeanFirst(Estimator):
    def later(self, rtt: float) -> None:
        self.smooth += (rtt - self.smooth) / 8
        self.deviation += (abs(self.smooth - rtt) - self.deviation) / 4


class Swapped(Estimator):
    def later(self, rtt: float) -> None:
        self.deviation += (abs(self.smooth - rtt) - self.deviation) / 8
        self.smooth += (rtt - self.smooth) / 4


class MostlyNew(Estimator):
    def later(self, rtt: float) -> None:
        self.deviation += (abs(self.smooth - rtt) - self.deviation) * 3 / 4
        self.smooth += (rtt - self.smooth) * 7 / 8


class MostlyNewMean(Estimator):
    def later(self, rtt: float) -> None:
        self.deviation += (abs(self.smooth - rtt) - self.deviation) / 4
        self.smooth += (rtt - self.smooth) * 7 / 8


class MostlyNewDeviation(Estimator):
    def later(self, rtt: float) -> None:
        self.deviation += (abs(self.smooth - rtt) - self.deviation) * 3 / 4
        self.smooth += (rtt - self.smooth) / 8


class NoSample(Estimator):
    def sample(self, rtt: float) -> None:
        self.factor = 1.0


class NoSign(Estimator):
    def later(self, rtt: float) -> None:
        self.deviation += (rtt - self.smooth - self.deviation) / 4
        self.smooth += (rtt - self.smooth) / 8


class OtherSign(Estimator):
    def later(self, rtt: float) -> None:
        self.deviation += (self.smooth - rtt - self.deviation) / 4
        self.smooth += (rtt - self.smooth) / 8


class NoDeviation(Estimator):
    def first(self, rtt: float) -> None:
        self.smooth, self.deviation = rtt, 0.0


class WholeDeviation(Estimator):
    def first(self, rtt: float) -> None:
        self.smooth, self.deviation = rtt, rtt


class FromZero(Estimator):
    first = Estimator.later


class FromZeroMeanFirst(MeanFirst):
    first = MeanFirst.later


class OnlyLast(Estimator):
    later = Estimator.first


class FourIsMissing(Estimator):
    def margin(self) -> float:
        return max(0.001, self.deviation)


class TwiceOnly(Estimator):
    def margin(self) -> float:
        return max(0.001, 2 * self.deviation)


class NoGranularity(Estimator):
    def margin(self) -> float:
        return 4 * self.deviation


class GranularityAdded(Estimator):
    def margin(self) -> float:
        return 0.001 + 4 * self.deviation


class GranularityOfAll(Estimator):
    def raw(self) -> float:
        return max(0.001, self.smooth + 4 * self.deviation) if self.known else 1.0


class NoMinimum(Estimator):
    def timeout(self) -> float:
        return min(self.raw() * self.factor, self.maximum)


class NoMaximum(Estimator):
    def timeout(self) -> float:
        return max(self.raw(), self.minimum) * self.factor


class NoBounds(Estimator):
    def timeout(self) -> float:
        return self.raw() * self.factor


class NoMaximumOfDoubled(Estimator):
    def timeout(self) -> float:
        return min(max(self.raw(), self.minimum), self.maximum) * self.factor


class UnboundAtFirst(Estimator):
    def timeout(self) -> float:
        return super().timeout() if self.known else min(self.factor, self.maximum)


class StartsAtMinimum(Estimator):
    def start(self) -> float:
        return self.minimum


class StartsAtThree(Estimator):
    def start(self) -> float:
        return 3.0


class StartsAtZero(Estimator):
    def start(self) -> float:
        return 0.0


class BoundsInside(Estimator):
    def sample(self, rtt: float) -> None:
        super().sample(min(max(rtt, self.minimum), self.maximum))


class DoubledBefore(Estimator):
    def timeout(self) -> float:
        return min(max(self.raw() * self.factor, self.minimum), self.maximum)


class Once(Estimator):
    def back_off(self) -> None:
        self.factor = 2.0


class Never(Estimator):
    def back_off(self) -> None:
        pass


class Adds(Estimator):
    def back_off(self) -> None:
        self.factor += 1


class OneCallOnly(Estimator):
    def timeout(self) -> float:
        seconds = super().timeout()
        self.factor = 1.0
        return seconds


class StaysBackedOff(Estimator):
    def sample(self, rtt: float) -> None:
        factor = self.factor
        super().sample(rtt)
        self.factor = factor


class DoublesTheMean(Estimator):
    def back_off(self) -> None:
        self.smooth *= 2


class DoublesBoth(Estimator):
    def back_off(self) -> None:
        self.smooth, self.deviation = 2 * self.smooth, 2 * self.deviation
        self.factor *= 1 if self.known else 2


class DoublesForGood(Estimator):
    """Keeps one number for the timer, and takes it for the smooth round trip at the next sample."""

    def back_off(self) -> None:
        self.smooth, self.deviation = self.timeout() * 2, 0.0
        self.known = True


class ZeroIsNone(Estimator):
    def sample(self, rtt: float) -> None:
        self.known = bool(self.smooth)
        super().sample(rtt)


class OldDeviation(Estimator):
    def later(self, rtt: float) -> None:
        self.smooth += (rtt - self.smooth) / 8


class OldMean(Estimator):
    def later(self, rtt: float) -> None:
        self.deviation += (abs(self.smooth - rtt) - self.deviation) / 4


class Milliseconds(Estimator):
    def sample(self, rtt: float) -> None:
        super().sample(1000 * rtt)


class LargeGranularity(Estimator):
    def margin(self) -> float:
        return max(1.0, 4 * self.deviation)


class TwiceTheMean(Estimator):
    def raw(self) -> float:
        return 2 * self.smooth if self.known else 1.0


class NeverLower(Estimator):
    highest = 1.0

    def sample(self, rtt: float) -> None:
        before = self.timeout()
        super().sample(rtt)
        self.highest = max(before, self.timeout())

    def timeout(self) -> float:
        return min(max(super().timeout(), self.highest), self.maximum)


class MeanBounded(Estimator):
    def sample(self, rtt: float) -> None:
        super().sample(rtt)
        self.smooth = min(max(self.smooth, self.minimum), self.maximum)


class BoundsExchanged(Estimator):
    def timeout(self) -> float:
        return min(self.minimum, max(self.raw() * self.factor, self.maximum))
