"""Scores and relevances of one list. Only arithmetic that every machine rounds alike is used."""


def generate(rng, size, grades, spread, step=0.0, offset=0.0, order="random"):
    """``grades`` 0: all relevances differ. With an order, neighbouring scores are about ``spread`` apart."""
    relevances = rng.sample(range(1001), size) if grades == 0 else _graded(rng, size, grades)
    if order == "random":
        scores = [_score(rng, spread, step) + offset for _ in range(size)]
    else:
        scores = _in_order(rng, relevances, spread, order)
    return {"scores": scores, "relevances": relevances}


def _graded(rng, size, grades):
    """At least two grades occur, if there are two."""
    relevances = [rng.randrange(grades) for _ in range(size)]
    if size > 1 and grades > 1 and len(set(relevances)) == 1:
        relevances[rng.randrange(size)] = (relevances[0] + 1) % grades
    return relevances


def _score(rng, spread, step):
    score = spread * (2.0 * rng.random() - 1.0)
    return step * (score // step) if step else score


def _in_order(rng, relevances, spread, order):
    ranked = sorted(range(len(relevances)), key=relevances.__getitem__, reverse=order == "wrong")
    scores, score = [0.0] * len(relevances), 0.0
    for at in ranked:
        scores[at] = score
        score += spread * (1.0 + 0.25 * rng.random())
    return scores
