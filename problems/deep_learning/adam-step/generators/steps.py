"""States of an optimiser. Only arithmetic that every machine rounds alike is used."""


def generate(rng, size, step, scale=1.0, spread=2.0, zeros=0.0, epsilon=1e-8, beta1=0.9, beta2=0.999):
    """``scale`` is that of the gradients, ``spread`` of the parameters, ``zeros`` the share of gradients that are 0."""
    gradient = [0.0 if rng.random() < zeros else scale * _signed(rng) for _ in range(size)]
    first, second = [0.0] * size, [0.0] * size
    if step > 1:
        first = [0.5 * scale * _signed(rng) for _ in range(size)]
        second = [_grown(rng, scale, step, beta2) for _ in range(size)]
    return {
        "parameters": [spread * _signed(rng) for _ in range(size)],
        "gradient": gradient,
        "first_moment": first,
        "second_moment": second,
        "step": step,
        "learning_rate": rng.choice((0.1, 0.03, 0.01)),
        "beta1": beta1,
        "beta2": beta2,
        "epsilon": epsilon,
    }


def _signed(rng):
    """Not near 0: a number of either sign, from 0.1 to 1."""
    return rng.choice((-1.0, 1.0)) * (0.1 + 0.9 * rng.random())


def _grown(rng, scale, step, beta2):
    """What the mean of squares may have grown to by now."""
    usual = scale * _signed(rng)
    return min(1.0, (step - 1) * (1.0 - beta2)) * (usual * usual)
