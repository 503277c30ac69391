"""The arithmetic of zoom and pan."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmdesk.gui.viewers.view import LARGEST_SCALE, View

_LENGTHS = st.floats(1, 40_000)
_PORTS = st.floats(50, 4000)
_SHARES = st.floats(0, 1)


@st.composite
def views(draw: st.DrawFn) -> View:
    port = View().in_port(draw(_PORTS), draw(_PORTS)).of(draw(_LENGTHS), draw(_LENGTHS))
    x, y = draw(_SHARES) * port.port_width, draw(_SHARES) * port.port_height
    return port.zoomed(draw(st.floats(0.05, 50)), x, y)


@given(views())
def test_fitting_shows_all_of_the_picture_in_the_middle(view: View) -> None:
    fitted = view.fit()
    assert fitted.x >= -1
    assert fitted.y >= -1
    assert fitted.x + fitted.width * fitted.scale <= fitted.port_width + 1
    assert fitted.y + fitted.height * fitted.scale <= fitted.port_height + 1
    assert fitted.x == pytest.approx((fitted.port_width - fitted.width * fitted.scale) / 2, abs=1)


@given(views(), st.floats(0.1, 10), _SHARES, _SHARES)
def test_zooming_keeps_the_point_under_the_pointer_unless_an_edge_holds_it(
    view: View, factor: float, across: float, down: float
) -> None:
    x, y = across * view.port_width, down * view.port_height
    zoomed = view.zoomed(factor, x, y)
    for before, after, point, length, port in (
        (view.x, zoomed.x, x, view.width, view.port_width),
        (view.y, zoomed.y, y, view.height, view.port_height),
    ):
        held = length * zoomed.scale <= port + 1 or after >= -1 or after + length * zoomed.scale <= port + 1
        picture_point = (point - before) / view.scale
        assert held or (point - after) / zoomed.scale == pytest.approx(picture_point, abs=1 / zoomed.scale)


@given(views(), st.floats(-5000, 5000), st.floats(-5000, 5000))
def test_panning_never_opens_a_gap_beside_a_large_picture(view: View, dx: float, dy: float) -> None:
    panned = view.panned(dx, dy)
    if panned.width * panned.scale > panned.port_width:
        assert panned.x <= 0
        assert panned.x + panned.width * panned.scale >= panned.port_width - 1
    if panned.height * panned.scale > panned.port_height:
        assert panned.y <= 0
        assert panned.y + panned.height * panned.scale >= panned.port_height - 1


@given(views(), st.floats(1e-6, 1e6))
def test_zoom_has_limits(view: View, factor: float) -> None:
    zoomed = view.zoomed(factor, 10, 10)
    assert zoomed.smallest_scale <= zoomed.scale <= LARGEST_SCALE


def test_a_fitted_view_follows_the_window_and_another_does_not() -> None:
    view = View().in_port(800, 600).of(1600, 1200)
    assert view.scale == 0.5
    assert view.in_port(400, 300).scale == 0.25
    close = view.scaled(1.0, 400, 300)
    middle = close.to_picture(400, 300)
    resized = close.in_port(600, 400)
    assert resized.scale == 1.0
    assert resized.to_picture(300, 200) == pytest.approx(middle, abs=1)


def test_one_to_one_lies_on_whole_pixels() -> None:
    view = View().in_port(801, 601).of(300, 200).scaled(1.0, 400, 300)
    assert (view.x, view.y) == (round(view.x), round(view.y))
