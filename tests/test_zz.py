def test_x(container):
    import os
    process = container("--user=1000", "--", "sh", "-c",
                        "trap 'echo caught' USR1; sh -c '(sleep 0.2; echo "
                        "orphan) &'; echo ready; while :; do sleep 0.1 & wait; done")
    print("started", flush=True)
    process.read_until("ready")
    print("ready", flush=True)
    process.read_until("orphan")
    print("orphan", flush=True)
    process.kill("USR1")
    import time; time.sleep(2); print(process.seen, open(f"/proc/{process.pid}/status").read())
    process.read_until("caught", timeout=3)
    print("caught", flush=True)
    process.kill("TERM")
    print(process.wait())
