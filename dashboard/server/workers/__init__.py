"""Worker processes: everything that visitors send is decoded in one of them, and never in the dashboard's process.

A picture of a few bytes can ask for gigabytes, an endless time, or crash a decoder. A worker has limits of memory and
time, which the kernel enforces, and what ends it is one plain sentence for its visitor alone. Each task has a process
of its own, which is forked from a small host that has imported the library: that takes milliseconds, shares the host's
pages, and leaves nothing of one visitor's file to the next.

The pools of concurrent.futures and Pebble were no choice: the multiprocessing module below them imports the main module
into each worker, and under Streamlit that is the page.

host        the process that forks workers
limits      what a task may take, and how a worker is held to it
messages    values on their way between the two processes
run         run_isolated, for the dashboard
task        what a worker does with its task
"""
