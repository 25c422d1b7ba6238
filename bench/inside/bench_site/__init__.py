"""What the bench runs inside a checkout of the site, on that checkout's
Python path.

The checkout may be another one than the bench's own, and older. So nothing
of the package `bench` is imported (an older checkout has another package
of that name), all that is asked of the site's code is in `checkout`, and
rows name only columns that the checkout's tables have.
"""
