"""The process that makes one picture again: its file is read, what is stored is written.

The first line of the answer is JSON: why the file is refused, or the sizes of the forms
that follow it.
"""

import json
import os
import resource
import sys

MEMORY = 768_000_000  # bytes of address space; the largest picture needs about half
SECONDS = 8  # of the processor
NICER = 10  # than the web process, whose pages come first where both want the processor


def limit() -> None:
    """Before anything of the file is read: a decoder that goes wrong ends this process,
    and can write no file.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICER)


def main() -> None:
    from pictures.encoding import encoded  # not before the limits
    from pictures.refusals import FileRefused

    try:
        picture = encoded(sys.stdin.buffer.read())
    except FileRefused as refusal:
        answer(json.dumps({"refused": str(refusal)}))
        return
    forms = [form for form in (picture.large, picture.small) if form]
    sizes = [(form.width, form.height, len(form.data)) for form in forms]
    heading = json.dumps({"media_type": picture.media_type, "sizes": sizes})
    answer(heading, *(form.data for form in forms))


def answer(heading: str, *bodies: bytes) -> None:
    sys.stdout.buffer.write(heading.encode() + b"\n")
    for body in bodies:
        sys.stdout.buffer.write(body)


if __name__ == "__main__":
    limit()
    main()
