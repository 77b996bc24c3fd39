def report(error):
    """Prints a tree of errors, scopes and in them what was raised, and expectations that did not hold."""
    if error or broken:
        print("errors:")
    known = []
    for groups, leaf, role in entries(error, [], "body") if error else []:
        shared = 0
        while shared < min(len(known), len(groups)) and known[shared] is groups[shared]:
            shared += 1
        for depth in range(shared, len(groups)):
            print("  " * (depth + 1) + groups[depth].name)
        indent = "  " * (len(groups) + 1)
        print(f"{indent}{told(leaf)}  {leaf.task}  {leaf.at:.6f}  {role}")
        known = groups
    for text, path, at in broken:
        print(f"  ExpectationFailed: {text}  {path}  {at:.6f}  expectation")


def entries(error, groups, role):
    """The leaves of a tree, each with the scopes that it left and the part that it played."""
    if not isinstance(error, BaseExceptionGroup):
        return [(groups, error, role)]
    scope = getattr(error, "scope", None)
    inside = groups + [scope] if scope and scope.name else groups
    roles = getattr(error, "roles", {})
    return [entry for inner in error.exceptions for entry in entries(inner, inside, roles.get(id(inner), "cause"))]
