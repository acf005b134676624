"""Ctrl-C reaches the programs that tests start, also where a shell runs the tests in the background.

Such a shell has the signal ignored, programs inherit that, and a test that interrupts one would wait for ever.
"""

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
