"""Print, as JSON, the commands that `make up` starts."""

import json

from bench_site import checkout

if __name__ == "__main__":
    print(json.dumps(checkout.commands()))
