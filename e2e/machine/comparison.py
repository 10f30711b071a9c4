"""A service as the product tells it, beside the same service as its own systemd tells it."""

from e2e.machine.machine import UnitState
from nodestral.inventory.schemas import Service


def assert_same(service: Service, unit: UnitState) -> None:
    assert (service.state, service.sub_state) == (unit.active_state, unit.sub_state)
    assert service.user == unit.user
    assert service.main_pid == (unit.main_pid or None)
    assert service.since_at is not None
    assert unit.since_at is not None
    assert abs(service.since_at - unit.since_at) <= 2
