class Place:
    """A place in paths. What is repeated there is numbered: `user`, then `user#2`."""

    def __init__(self, path, name=""):
        self.path, self.name, self.used = path, name, {}

    def below(self, name):
        number = self.used[name] = self.used.get(name, 0) + 1
        name = name if number == 1 else f"{name}#{number}"
        return Place(f"{self.path}/{name}", name)

    def is_bare(self):
        return not self.used
