import resource

from config.frames import with_room


def recursive(depth: int) -> int:
    return recursive(depth - 1) + 1 if depth else 0


def calls_at_many_depths(environ, start):
    """Loops at each depth: some of them run across the end of a
    small chunk.
    """
    start("200 OK", [])

    def at(depth: int) -> None:
        for _ in range(200):
            recursive(3)
        if depth:
            at(depth - 1)

    at(300)
    return [b"done"]


def faults_of(application) -> int:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    application({}, lambda *answer: None)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_an_application_answers_as_before():
    told = []
    application = with_room(lambda environ, start: start(environ["x"], []) or [b"a"])

    assert application({"x": "200 OK"}, lambda *answer: told.append(answer)) == [b"a"]
    assert told == [("200 OK", [])]


def test_a_loop_at_any_depth_asks_the_system_for_no_memory():
    without = min(faults_of(calls_at_many_depths) for _ in range(3))
    within = min(faults_of(with_room(calls_at_many_depths)) for _ in range(3))

    assert within < without / 4
