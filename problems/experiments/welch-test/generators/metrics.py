"""Values of a metric in two groups. Only sums and products of random numbers are used: every machine makes the same."""


def generate(rng, sizes, effect, spreads=(1.0, 1.0), base=10.0, kind="bell"):
    shifts = [base, base + effect]
    made = {"bell": _bell, "mirrored": _mirrored, "rare": _rare}[kind]
    control, treatment = (
        made(rng, size, shift, spread) for size, shift, spread in zip(sizes, shifts, spreads, strict=True)
    )
    return {"control": control, "treatment": treatment}


def _bell(rng, size, shift, spread):
    """Sums of three evenly distributed numbers, in steps of 1/1024: sums of them are exact."""
    drawn = [rng.random() + rng.random() + rng.random() - 1.5 for _ in range(size)]
    return [round(1024 * (shift + spread * x)) / 1024 for x in drawn]


def _mirrored(rng, size, shift, spread):
    """As far above the shift as below it: the mean is the shift, exactly."""
    half = [round(1024 * spread * rng.random()) / 1024 for _ in range(size // 2)]
    return [shift + x for x in half] + [shift - x for x in half]


def _rare(rng, size, shift, _spread):
    """Zeros and ones: the share of ones is a twentieth, or with the effect more."""
    share = 0.05 + (shift - 10.0) / 2
    return [float(rng.random() < share) for _ in range(size)]
