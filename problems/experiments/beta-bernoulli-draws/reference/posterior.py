def posterior_draws(saves, views, count):
    return {"beta": {"a": saves + 1.0, "b": views - saves + 1.0}}
