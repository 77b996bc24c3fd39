# Batch Database Operations
# ❌ Slow: N+1 queries
async def get_users_with_posts():
    users = await db.execute(select(User))
    for user in users.scalars():
        posts = await db.execute(
            select(Post).where(Post.author_id == user.id)
        )  # N queries!

# ✅ Fast: Eager loading
async def get_users_with_posts():
    result = await db.execute(
        select(User).options(selectinload(User.posts))
    )
    return result.scalars().all()  # 2 queries total

# The call.
await get_users_with_posts()
