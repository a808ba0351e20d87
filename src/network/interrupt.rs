//! Ctrl-C while the network is asked.

use std::process;
use std::sync::Arc;
use std::thread;

use super::Watch;

/// What shells say of a program that Ctrl-C has ended: 128 and the number of the signal.
const ENDED: i32 = 130;

/// From now on Ctrl-C has asking stop, with what is known so far; pressed again, or when asking is over, it ends the
/// program.
///
/// # Errors
/// Why Ctrl-C cannot be waited for.
pub fn stop_on_interrupt(watch: &Arc<Watch>) -> Result<(), String> {
    let fail = |error: std::io::Error| format!("Ctrl-C cannot be waited for: {error}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().map_err(fail)?;
    // Made here, so that Ctrl-C is heard from the moment that this returns.
    let listening = runtime.block_on(async { Listener::new() }).map_err(fail)?;
    let watch = Arc::clone(watch);
    thread::Builder::new()
        .name("interrupt".to_owned())
        .spawn(move || {
            runtime.block_on(async {
                let mut listening = listening;
                loop {
                    listening.next().await;
                    if watch.is_stopped() || watch.is_over() {
                        process::exit(ENDED);
                    }
                    watch.stop();
                }
            });
        })
        .map_err(fail)?;
    Ok(())
}

#[cfg(unix)]
struct Listener(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Listener {
    fn new() -> std::io::Result<Self> {
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}

#[cfg(windows)]
struct Listener(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Listener {
    fn new() -> std::io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}
