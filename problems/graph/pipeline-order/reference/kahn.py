"""Kahn's algorithm: a stage is taken once nothing that it needs is left."""


def pipeline_order(stages, needs):
    missing = dict.fromkeys(stages, 0)
    waiting = {stage: [] for stage in stages}
    for stage, needed in needs:
        missing[stage] += 1
        waiting[needed].append(stage)
    order = [stage for stage in stages if missing[stage] == 0]
    for done in order:  # which grows
        for stage in waiting[done]:
            missing[stage] -= 1
            if missing[stage] == 0:
                order.append(stage)
    return order if len(order) == len(stages) else []
