import asyncio

from virtual_loop import log, run


async def load_profile(user):
    await asyncio.sleep(0.15)
    return f"profile of {user}"


async def first():
    profile = load_profile("Ada")
    try:
        log(f"first: {asyncio.run(profile)}")
    except RuntimeError:
        profile.close()
        log("first: refused, a loop is running already")


async def second():
    profile = await load_profile("Grace")
    log(f"second: {profile}")


async def main():
    async with asyncio.TaskGroup() as server:
        server.create_task(first())
        server.create_task(second())


run(main())
