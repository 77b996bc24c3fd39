def note(task):
    """Keeps with an error in which task and when it was raised."""
    if not task.cancelled() and (error := task.exception()) and not hasattr(error, "at"):
        error.at, error.task = now(), task.get_name()


def report(error):
    """Prints a tree of errors: scopes, and in them what was raised."""
    print("errors:")
    last = None
    for leaf in leaves(error):
        *scope, _ = leaf.task.split("/")[1:] or ["main"]
        if scope and scope != last:
            print(f"  {scope[0]}")
        last = scope
        role = "body" if leaf.task == "main" else "cause"
        print(f"{'  ' * len(scope)}  {told(leaf)}  {leaf.task}  {leaf.at:.6f}  {role}")
