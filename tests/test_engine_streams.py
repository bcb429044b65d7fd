"""The random streams and what is drawn from them."""

import ctypes
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.engine import kernel
from standoff.engine.parameters import draw_parameter, draw_parameters
from standoff.engine.streams import Stream, philox, stream_key, stream_keys, uniforms
from standoff.model.tables import ParameterInfo


def compiled_draw(name):
    """A draw as the compiled effects of a scenario call it: of a stream, where it lies, and of numbers."""
    kind = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_void_p, *[ctypes.c_double] * kernel.DRAWS[name])
    function = kind(kernel.draw_addresses()[f"standoff_{name}"])
    return lambda stream, *of: function(stream.ctypes.data, *of)


def test_philox_gives_the_published_known_answers():
    # Random123 1.14, kat_vectors, philox4x32 10: counter and key all zero, and all ones in counter's first words.
    assert philox(0, 0) == (0xE169C58D6627E8D5, 0x9B00DBD8BC57AC4C)


@given(st.integers(0, 2**64 - 1), st.integers(0, 40))
def test_the_kernel_reads_the_same_numbers_as_the_plain_stream(key, skip):
    plain = Stream(key)
    compiled = np.zeros(5, np.uint64)
    compiled[0] = key
    uniform = compiled_draw("uniform")
    for _ in range(skip + 3):
        assert uniform(compiled) == plain.uniform()


def test_many_streams_at_once_read_the_same_numbers():
    keys = [stream_key(3, run, "direct") for run in range(5)]
    first, second = uniforms(np.array(keys, dtype=np.uint64), 0)
    for key, a, b in zip(keys, first, second, strict=True):
        stream = Stream(key)
        assert (stream.uniform(), stream.uniform()) == (a, b)


def test_the_keys_of_many_streams_are_those_of_each():
    keys = stream_keys(3, [5, 0], ["direct", "parameter/x"])
    assert keys.tolist() == [stream_key(3, run, purpose) for purpose in ("direct", "parameter/x") for run in (5, 0)]


def test_streams_of_other_seeds_runs_and_purposes_differ():
    keys = {stream_key(s, r, p) for s in range(20) for r in range(20) for p in ("direct", "parameter/x")}
    assert len(keys) == 800


@pytest.mark.parametrize(
    ("draw", "of"),
    [
        ("poisson", (3.5,)),
        ("binomial", (7.0, 0.3)),
        ("exponential", (2.0,)),
        ("between", (-1.0, 4.0)),
        ("chance", (0.4,)),
    ],
)
def test_kernel_and_plain_draws_are_the_same(draw, of):
    plain = Stream(99)
    compiled = np.zeros(5, np.uint64)
    compiled[0] = 99
    function = compiled_draw(draw)
    for _ in range(200):
        assert function(compiled, *of) == getattr(plain, draw)(*of)


@pytest.mark.parametrize(
    ("draw", "of"),
    [
        ("poisson", (-1.0,)),
        ("binomial", (2.5, 0.5)),
        ("exponential", (-1.0,)),
        ("chance", (1.5,)),
        ("between", (2.0, 1.0)),
    ],
)
def test_a_draw_with_an_impossible_argument_breaks_the_stream(draw, of):
    plain = Stream(1)
    getattr(plain, draw)(*of)
    assert plain.broken


PRIORS = [
    ("uniform", {"low": 2.0, "high": 5.0}, 3.5, 9.0 / 12.0),
    ("normal", {"mean": 1.0, "sd": 2.0}, 1.0, 4.0),
    ("lognormal", {"median": 2.0, "sigma": 0.5}, 2.0 * np.exp(0.125), 4 * np.exp(0.25) * (np.exp(0.25) - 1)),
    ("exponential", {"mean": 3.0}, 3.0, 9.0),
    ("gamma", {"shape": 0.5, "mean": 2.0}, 2.0, 8.0),
    ("gamma", {"shape": 4.0, "mean": 2.0}, 2.0, 1.0),
    ("beta", {"a": 2.0, "b": 3.0}, 0.4, 0.04),
    ("triangular", {"low": 0.0, "mode": 1.0, "high": 4.0}, 5.0 / 3.0, 13.0 / 18.0),
    ("loguniform", {"low": 1.0, "high": np.e}, np.e - 1, (np.e**2 - 1) / 2 - (np.e - 1) ** 2),
]


@pytest.mark.statistical(false_alarm=7e-7)
@pytest.mark.parametrize(("kind", "of", "mean", "variance"), PRIORS)
def test_priors_have_their_mean_and_variance(kind, of, mean, variance):
    # z test at 5.5 standard errors: false alarms 3.8e-8 each of 18; the seed is fixed.
    n = 20_000
    drawn = draw_parameter(ParameterInfo("x", kind, tuple(of.items()), (), 0), seed=11, runs=np.arange(n))
    assert abs(drawn.mean() - mean) < 5.5 * np.sqrt(variance / n)
    spread = np.sqrt(((drawn - drawn.mean()) ** 2).var() / n)
    assert abs(drawn.var() - variance) < 5.5 * spread


@pytest.mark.statistical(false_alarm=1e-7)
def test_a_choice_is_made_by_its_weights():
    info = ParameterInfo("radius", "choice", (), ((25.0, 0.3), (55.0, 0.7)), 0)
    drawn = draw_parameter(info, seed=1, runs=np.arange(20_000))
    assert set(drawn) == {25.0, 55.0}
    assert abs((drawn == 25.0).mean() - 0.3) < 5.5 * np.sqrt(0.21 / 20_000)


def test_a_truncated_prior_stays_inside():
    info = ParameterInfo("x", "normal", (("mean", 0.0), ("sd", 1.0), ("at_least", 0.5), ("at_most", 1.0)), (), 0)
    drawn = draw_parameter(info, seed=1, runs=np.arange(2_000))
    assert drawn.min() >= 0.5
    assert drawn.max() <= 1.0


@pytest.mark.parametrize(
    ("kind", "of"),
    [
        ("gamma", {"shape": 2.0, "mean": 1.0}),
        ("gamma", {"shape": 0.4, "mean": 1.0}),
        ("gamma", {"shape": 0.4, "mean": 1.0, "at_most": 0.5}),
        ("beta", {"a": 2.0, "b": 3.0}),
        ("beta", {"a": 0.7, "b": 0.5}),
        ("normal", {"mean": 0.0, "sd": 1.0, "at_least": 1.0}),
    ],
)
def test_a_draw_depends_on_nothing_but_seed_run_and_name(kind, of):
    """However many numbers the runs beside it take: a beta draws two gammas, each by rejection."""
    info = ParameterInfo("x", kind, tuple(of.items()), (), 0)
    alone = [draw_parameter(info, seed=5, runs=np.array([run]))[0] for run in range(50)]
    for runs in (np.arange(50), np.arange(50)[::-1], np.array([7, 3])):
        assert draw_parameter(info, seed=5, runs=runs).tolist() == [alone[run] for run in runs]


def test_parameters_are_drawn_together_as_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of one kind go through each step together, some of them again and again, and one from its tail."""
    given = [
        *(("gamma", {"shape": shape, "mean": 2.0, "at_most": 3.0}) for shape in (0.4, 0.9, 2.0)),
        *(("beta", {"a": a, "b": b}) for a, b in ((0.3, 2.0), (0.5, 3.0), (2.0, 0.5), (4.0, 4.0))),
        *(("normal", {"mean": 0.0, "sd": 1.0, "at_least": low}) for low in (-9.0, 2.0, 9.0)),
        *(("lognormal", {"median": 2.0, "sigma": sigma}) for sigma in (0.1, 1.0)),
        *(("uniform", {"low": 0.0, "high": high}) for high in (1.0, 2.0)),
        *(("loguniform", {"low": 0.1, "high": high}) for high in (1.0, 2.0)),
        *(("exponential", {"mean": 1.0, "at_least": low}) for low in (0.0, 1.0)),
        *(("triangular", {"low": 0.0, "mode": mode, "high": high}) for mode, high in ((0.2, 1.0), (0.5, 2.0), (0, 0))),
        *(("fixed", {"value": value}) for value in (1.0, 2.0)),
    ]
    infos = [ParameterInfo(f"p{i}", kind, tuple(of.items()), (), 0) for i, (kind, of) in enumerate(given)]
    infos += [
        ParameterInfo(f"c{i}", "choice", (), ((1.0, share), (2.0, 1 - share)), 0) for i, share in enumerate((0.3, 0.9))
    ]
    runs = np.arange(12)
    monkeypatch.setattr("standoff.engine.parameters._TRIES", 200)
    alone = np.column_stack([draw_parameter(info, seed=5, runs=runs) for info in infos])
    monkeypatch.setattr("standoff.engine.parameters._RUNS", 5)
    together = draw_parameters(SimpleNamespace(parameters=tuple(infos)), seed=5, runs=runs)  # type: ignore[arg-type]
    assert together.tolist() == alone.tolist()


@pytest.mark.statistical(false_alarm=1e-6)
def test_a_beta_of_tiny_shapes_has_values_at_its_ends_and_no_warning() -> None:
    """Both gamma numbers behind it are then too small for a double; the one that is larger wins."""
    info = ParameterInfo("x", "beta", (("a", 0.002), ("b", 0.002)), (), 0)
    drawn = draw_parameter(info, seed=3, runs=np.arange(2_000))
    assert ((drawn >= 0.0) & (drawn <= 1.0)).all()
    assert abs((drawn > 0.5).mean() - 0.5) < 5 * 0.5 / np.sqrt(2_000)
