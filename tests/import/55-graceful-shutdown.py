# Graceful Shutdown
import signal
import asyncio

async def main():
    # Handle shutdown signals
    loop = asyncio.get_running_loop()
    stop_event = asyncio.Event()

    def shutdown():
        stop_event.set()

    loop.add_signal_handler(signal.SIGINT, shutdown)
    loop.add_signal_handler(signal.SIGTERM, shutdown)

    # Start background tasks
    task = asyncio.create_task(background_worker())

    # Wait for shutdown signal
    await stop_event.wait()

    # Cleanup
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass

    print("Shutdown complete")

# The call.
await main()
