"""Print, as JSON, the commands that `make up` starts."""

import json

import django

from bench_site import checkout

if __name__ == "__main__":
    django.setup()
    print(json.dumps(checkout.commands()))
