//! A connection that died in the pool: asked first, and replaced.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;

use taskscope::runtime::{Connect, Pool, Result, Scope, scope, sleep};

use crate::virtual_run::{clock, log, ms, run};

/// A database that restarts now and then; a connection is the number of restarts that it has seen.
#[derive(Clone, Default)]
struct Database {
    restarts: Rc<Cell<u32>>,
}

impl Connect for Database {
    type Connection = u32;

    fn open(&self) -> Pin<Box<dyn Future<Output = Result<u32>>>> {
        let database = self.clone();
        Box::pin(async move {
            sleep(ms(100)).await;
            log("connected");
            Ok(database.restarts.get())
        })
    }

    fn close(&self, _: u32) -> Pin<Box<dyn Future<Output = Result<()>>>> {
        Box::pin(async { Ok(()) })
    }
}

async fn read(name: &str) {
    sleep(ms(150)).await;
    log(format!("{name} read at {}", clock()));
}

async fn make(conns: &Pool<Database>, database: &Database, name: &str) -> Result<()> {
    let alive = conns.with(async |conn| {
        sleep(ms(5)).await;
        let alive = *conn == database.restarts.get();
        if alive {
            read(name).await;
        } else {
            log("the kept connection is dead");
        }
        Ok(alive)
    });
    if !alive.await? {
        database.open().await?;
        read(name).await;
    }
    Ok(())
}

pub fn main() {
    run(async {
        let database = Database::default();
        let conns = Pool::new("conns", 1, 0, database.clone());
        scope(async |s: Scope<'_>| {
            s.spawn(async {
                sleep(ms(500)).await;
                database.restarts.set(1);
                Ok(())
            });
            make(&conns, &database, "sales").await?;
            sleep(ms(400)).await;
            make(&conns, &database, "stock").await
        })
        .await?;
        conns.drain().await
    });
}
