"""The tables of the parts, each from the figures that are kept of it."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.cells import Row, both, number
from benchmarks.kept import Results, figures
from benchmarks.measuring import Document


def sections(results: Results) -> Iterator[tuple[str, Row, list[Row]]]:
    """Title, head and rows of every table that there is something for."""
    makers = (waits, ensembles, workers, memory, verbs, loop, rivals, scaling, loading)
    for title, head, rows in (make(results) for make in makers):
        if rows:
            yield title, head, rows


def waits(results: Results) -> tuple[str, Row, list[Row]]:
    """Ratios to I, and the seconds beside those of the emptiest process."""
    head = ["command", "machine", "times I", "extremes", "times I, processor", "seconds", "extremes", "I, seconds",
            "`python -c pass`, seconds"]  # fmt: skip
    rows = [
        [f"`{one['what']}`", words, *both(one[when]["ratio"]), number(one[when]["processor_ratio"]),
         *both(one[when]["seconds"]), number(one[when]["imports_seconds"]), number(one[when]["pass_seconds"])]
        for one in figures(results, "waits").values()
        for when, words in (("again", "run before"), ("first_ever", "first ever"))
        if when in one
    ]  # fmt: skip
    return "Waits, from the start of the process to its end", head, rows


def ensembles(results: Results) -> tuple[str, Row, list[Row]]:
    """The bundled scenarios as the command makes them."""
    head = ["scenario", "runs", "seconds", "extremes", "processor s", "kernel s", "cores", "I, seconds",
            "times kernel / cores", "of what is allowed"]  # fmt: skip
    rows = [
        [piece, f"{one['runs']:,}", *both(one["seconds"]), number(one["processor_seconds"]),
         number(one["kernel_seconds"]), str(one["cores"]), number(one["imports_seconds"]),
         number(one["times_the_kernel"]), number(one["of_what_is_allowed"])]
        for piece, one in figures(results, "ensemble").items()
        if "kernel_seconds" in one
    ]  # fmt: skip
    return "Ensembles: the command, answers, tables and report included", head, rows


def workers(results: Results) -> tuple[str, Row, list[Row]]:
    """What a second worker brings."""
    head = ["workload", "runs", "one worker s", "two workers s", "times as fast", "extremes", "with start-up",
            "processor time, two over one", "same bytes"]  # fmt: skip
    rows = [
        [one["workload"], f"{one['runs']:,}", number(one["one_worker_seconds"]), number(one["two_workers_seconds"]),
         *both(one["times_as_fast"]), number(one["times_as_fast_with_start_up"]),
         number(one["processor_time_of_two_over_one"]), "yes" if one["same_bytes"] else "NO"]
        for one in figures(results, "ensemble").values()
        if "times_as_fast" in one
    ]  # fmt: skip
    return "Workers", head, rows


def memory(results: Results) -> tuple[str, Row, list[Row]]:
    """Peaks in megabytes."""
    head = ["scenario", "runs", "the command", "with its workers"]
    rows = [
        [one["what"], f"{int(runs):,}", *(number(peak) for peak in peaks.values())]
        for one in figures(results, "memory").values()
        for runs, peaks in one["peaks"].items()
    ]
    return "Peak memory of the command, megabytes", head, rows


def verbs(results: Results) -> tuple[str, Row, list[Row]]:
    """The long verbs, now and before."""
    head = ["command", "seconds", "before", "before, seconds", "share of before", "extremes",
            "processor s", "before, processor s"]  # fmt: skip
    rows = [
        [f"`{one['command']}`", number(one["seconds"]), one["before"], number(one["before_seconds"]),
         *both(one["share_of_before"]), number(one["processor_seconds"]), number(one["before_processor_seconds"])]
        for one in figures(results, "verbs").values()
    ]  # fmt: skip
    return "Verbs beside an earlier commit", head, rows


def loop(results: Results) -> tuple[str, Row, list[Row]]:
    """The engine with each sampler, and the floors."""
    head = ["workload", "sampler", "rules", "events/s/core", "ns/event", "ratio to floor", "extremes", "recorded too",
            "to plain floor", "to structured", "refused/event", "law"]  # fmt: skip
    rows = [row for one in figures(results, "loop").values() for row in engine_rows(one)]
    return "The loop beside the floors in C", head, rows


def engine_rows(one: Document) -> Iterator[Row]:
    """The rows of a workload: one for each sampler, one for each floor."""
    for name, side in one["samplers"].items():
        law = side["law"]
        yield [
            one["title"], name, f"{one['ground_rules']:,}", f"{side['events_a_second_a_core']:,.0f}",
            number(side["ns_an_event"]), *both(side["ratio_to_floor"]), number(side["with_every_event_recorded"]),
            number(side["ratio_to_plain_floor"]), number(side["ratio_to_structured_floor"]),
            number(side["rejected_an_event"]),
            "–" if law is None else f"{'same' if law['same'] else 'DIFFERS'} ({law['standard_errors_apart']:.1f} s.e.)",
        ]  # fmt: skip
    for name, floor in one["floors"].items():
        yield [one["title"], f"C: {name}", "", "", number(floor["ns_an_event"]), *[""] * 5,
               number(floor["rejected_an_event"]), ""]  # fmt: skip


def rivals(results: Results) -> tuple[str, Row, list[Row]]:
    """The rivals of every workload."""
    head = ["workload", "rival", "version", "times slower than direct", "extremes", "to floor", "ready s", "remark"]
    return "Rivals", head, [row for one in figures(results, "loop").values() for row in rival_rows(one)]


def rival_rows(one: Document) -> Iterator[Row]:
    """The rows of a workload's rivals, those that could not take part among them."""
    ahead = one["samplers"]["direct"]["times_ahead_of"]
    for name, rival in one["rivals"].items():
        if rival["status"] != "measured":
            yield [one["title"], name, "", rival["status"], "", "", "", rival["why"]]
            continue
        agrees = rival["agrees"]
        seen = "" if agrees is None else f"; means {agrees['standard_errors_apart']:.1f} s.e. apart"
        law = "same law" if rival["law"] == "same" else f"law: {rival['law']}"
        yield [one["title"], name, rival["version"], *both(ahead[name]), number(rival["ratio_to_floor"]),
               number(rival["ready_seconds"]), f"{law}{seen}; {rival['how']}"]  # fmt: skip


def scaling(results: Results) -> tuple[str, Row, list[Row]]:
    """Nanoseconds per event as the network grows."""
    measured = figures(results, "scaling").get("w1", {"ground_rules": []})
    head = ["side", *(f"ns/event at {rules:,} rules" for rules in measured["ground_rules"]), "growth", "extremes"]
    rows = [
        [name, *(number(ns) for ns in side["ns_an_event"]), *both(side["growth"])]
        for name, side in measured.items()
        if name != "ground_rules"
    ]
    return "Scaling of W1", head, rows


def loading(results: Results) -> tuple[str, Row, list[Row]]:
    """Seconds of the steps from a file to a program that can run."""
    head = ["network", "from before", "load s", "ground s", "prepare s", "all s", "extremes"]
    rows = [
        [key, kept.replace("_", " "), *(number(each[step]) for step in ("load", "ground", "prepare")),
         *both(each["total_seconds"])]
        for key, one in figures(results, "loading").items()
        for kept, each in one.items()
    ]  # fmt: skip
    return "Loading, grounding and compiling", head, rows
