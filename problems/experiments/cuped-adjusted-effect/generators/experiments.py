"""Two groups of users. Only arithmetic that every machine rounds alike is used."""


def generate(
    rng, control, treatment, kind="usual", slope=0.8, effect=0.5, imbalance=0.0, offset=0.0, unit=1.0, whole=False
):
    """``imbalance``: how much larger the treated users' earlier values are; ``whole``: all values are integers."""
    before = [[_bell(rng) + imbalance * group for _ in range(size)] for group, size in enumerate((control, treatment))]
    noise = 0.0 if kind == "explained" else 0.6
    lift = 0.0 if kind == "explained" else effect
    after = [[slope * x + lift * group + noise * _bell(rng) for x in xs] for group, xs in enumerate(before)]
    if kind == "constant":
        before = [[0.1] * control, [0.1] * treatment]
    shown = [[_shown(x, offset, unit, whole) for x in values] for values in (after[0], before[0], after[1], before[1])]
    names = ("control", "control_before", "treatment", "treatment_before")
    return dict(zip(names, shown, strict=True))


def _bell(rng):
    """About normal, with variance 1: a sum of uniform numbers."""
    return sum(rng.random() for _ in range(12)) - 6.0


def _shown(value, offset, unit, whole):
    return float(int(4.0 * value + 40.0)) if whole else offset + unit * value
