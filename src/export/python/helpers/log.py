def log(text):
    """Prints a line with the instant and the task."""
    logged.add(text)  #? logged
    print(f"{now():.6f}  {path()}  {text}")


logged = set()  #? logged


def mark(text):
    """Names an instant. Nothing is printed: here a tracer could be told."""
