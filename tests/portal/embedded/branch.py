"""A little branch of shell scripts under the real supervisor, run by its tests as a process of its own.

python -m tests.portal.embedded.branch BASE CHILD…
"""

import sys
from pathlib import Path

from portal.embedded.child import Child
from portal.embedded.places import Unavailable, places
from portal.embedded.supervisor import Supervisor

SCRIPTS = {
    # says when it starts and when it is asked to stop
    "calm": 'trap "echo $NAME stopped >> $BASE/story; exit 0" TERM; echo $NAME started >> $BASE/story;'
    " while :; do sleep 0.02; done",
    # a worker whose own children ignore every polite request, one of them from a session of its own
    "stubborn": 'trap "" TERM INT HUP; (trap "" TERM; exec sleep 1001) & setsid sh -c \'trap "" TERM; sleep 1002; :\' &'
    " touch $BASE/stubborn.ready; sleep 1003; wait",
    # dies at once at the first start, lives at the second
    "clumsy": "echo start >> $BASE/clumsy; [ $(wc -l < $BASE/clumsy) -gt 1 ] || exit 7; exec sleep 1000",
    "migrate": "echo migrate done >> $BASE/story",
    # goes on beside the others until the next command has been done
    "slow": "while ! grep -q migrate $BASE/story; do sleep 0.02; done; sleep 0.2; echo slow done >> $BASE/story",
    "broken": "echo no such table >&2; exit 3",
    # lived in view: long, until it is told to end, well or badly
    "long": "while ! [ -e $BASE/enough ]; do sleep 0.02; done; exit $(cat $BASE/enough)",
}


def child(base: Path, name: str) -> Child:
    """`name` is a script, or script:name for a second child of the same script."""
    script, _, alias = name.partition(":")
    ready = base / f"{script}.ready"
    return Child(
        name=alias or name,
        argv=["/bin/sh", "-c", SCRIPTS[script]],
        log=base / "log" / f"{alias or name}.log",
        env={"BASE": str(base), "NAME": alias or name},
        ready=ready.exists if script == "stubborn" else lambda: True,
        once=script in ("migrate", "broken", "long", "slow"),
        in_view=script == "long",
        beside=script == "slow",
        stop_within=600.0 if script == "stubborn" and alias == "patient" else 0.3,
    )


def main(base: Path, names: list[str]) -> int:
    """Run the children until asked to stop."""
    children = [child(base, name) for name in names]
    try:
        return Supervisor(
            children,
            pid_file=places(base).pid_file("up"),
            when_up=lambda: print("all up", flush=True),
            patience=0.5,
        ).run()
    except Unavailable as why:
        print(why, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
