def pipeline_order(stages, needs):
    needed_by = {stage: [] for stage in stages}
    for stage, needed in needs:
        needed_by[stage].append(needed)
    state, order = dict.fromkeys(stages, "new"), []

    def finish(stage):
        """One call per stage of a chain: a long one is deeper than Python's stack."""
        state[stage] = "open"
        for needed in needed_by[stage]:
            if state[needed] == "open" or (state[needed] == "new" and not finish(needed)):
                return False
        state[stage] = "done"
        order.append(stage)
        return True

    return order if all(state[stage] == "done" or finish(stage) for stage in stages) else []
