//! Writing articles, from the outside: what is refused, and what ended runs have left.

use std::fs;

use super::cli::Desk;

const SUPPRESS: &[&str] = &["suppress", "--reason", "a drawing"];
const BAD: &str = "![](/a.png)\n";
const LEFT: &str = ".copydesk-0aZ9bY8cX7dW.tmp";

/// The text and the temporary file of an ended run.
fn desk_with_rest() -> Desk {
    let desk = Desk::new(&[("pages/a.md", BAD), ("copydesk.yaml", "rules: {}\n")]);
    desk.write(&format!("pages/{LEFT}"), BAD.as_bytes());
    desk
}

#[test]
fn what_an_ended_run_has_left_is_removed_and_named() {
    let desk = desk_with_rest();
    let left = desk.path().join("pages").join(LEFT);
    desk.run(SUPPRESS)
        .code(0)
        .complains(&format!("\"pages/{LEFT}\" is removed: a run that was ended"))
        .says("pages/a.md:1: ");
    assert!(!left.exists());
    let again = desk.run(SUPPRESS);
    assert_eq!((again.code, again.stderr.as_str()), (0, ""));
}

#[test]
fn a_run_that_writes_nothing_leaves_it_and_says_nothing() {
    let desk = desk_with_rest();
    let left = desk.path().join("pages").join(LEFT);
    let lint = desk.lint(&[]);
    lint.code(1).found(&["pages/a.md:1:1 image-alt"]).says("in 1 file");
    assert_eq!(lint.stderr, "");
    assert_eq!(desk.run(&[SUPPRESS, &["--dry-run"]].concat()).stderr, "");
    assert_eq!(desk.run(&["files"]).stdout.lines().collect::<Vec<_>>(), ["pages/a.md"]);
    assert!(left.exists());
}

#[test]
fn what_a_live_run_holds_is_left() {
    let desk = desk_with_rest();
    let left = desk.path().join("pages").join(LEFT);
    let held = fs::File::open(&left).expect("it was written");
    held.lock().expect("nobody else holds it");
    let ended = desk.run(SUPPRESS);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{ended:?}");
    assert!(left.exists());
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
    use std::os::unix::process::CommandExt as _;
    use std::path::Path;
    use std::process::Command;

    use super::super::cli::Ended;
    use super::*;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the file is ours");
    }

    /// Runs the program as somebody to whom modes mean something: an administrator may write anywhere.
    fn run_as_user(desk: &Desk, arguments: &[&str]) -> Option<Ended> {
        let mut command = desk.command(arguments);
        if fs::metadata(desk.path()).expect("it is there").uid() == 0 {
            set_mode(desk.path(), 0o755);
            command.uid(65_534).gid(65_534);
        }
        // Where nobody else may even start it, there is nothing to see.
        command.output().ok().map(|output| Ended::of(&output))
    }

    #[test]
    fn a_folder_that_may_not_be_written_to_is_named() {
        let desk = Desk::new(&[("site/b.md", BAD), ("shared/a.md", BAD)]);
        symlink("../shared/a.md", desk.path().join("site/link.md")).expect("a link can be made");
        let shared = desk.path().join("shared");
        set_mode(&shared.join("a.md"), 0o666);
        set_mode(&desk.path().join("site/b.md"), 0o444);
        set_mode(&shared, 0o555);
        let ended = run_as_user(&desk, &[SUPPRESS, &["site"]].concat());
        set_mode(&shared, 0o755);
        let Some(ended) = ended else { return };
        ended
            .code(1)
            .complains("\"site/b.md\" is left as it is: it is read-only")
            .complains("\"site/link.md\" is left as it is: no file can be made in its folder")
            .complains("shared\": permission denied");
        assert_eq!(fs::read(shared.join("a.md")).expect("it is there"), BAD.as_bytes());
        assert_eq!(fs::read_dir(shared).expect("it is there").count(), 1);
    }

    /// What another user's run has left may be in use, for all that can be known.
    #[test]
    fn what_cannot_be_opened_is_named_and_left() {
        let desk = desk_with_rest();
        let left = desk.path().join("pages").join(LEFT);
        set_mode(&left, 0o000);
        let Some(ended) = run_as_user(&desk, &[SUPPRESS, &["pages"]].concat()) else { return };
        ended.complains(&format!(
            "a run that was ended in the middle may have left \"pages/{LEFT}\": Permission denied"
        ));
        assert!(left.exists());
    }

    #[test]
    fn a_folder_that_cannot_be_looked_through_is_named() {
        let desk = desk_with_rest();
        let pages = desk.path().join("pages");
        set_mode(&pages, 0o311);
        let ended = run_as_user(&desk, &[SUPPRESS, &["pages/a.md"]].concat());
        set_mode(&pages, 0o755);
        let Some(ended) = ended else { return };
        ended.complains("what ended runs may have left in \"pages\" cannot be seen: Permission denied");
    }

    #[test]
    fn an_owner_that_cannot_be_kept_is_not_lost() {
        let desk = Desk::new(&[("pages/a.md", BAD)]);
        let pages = desk.path().join("pages");
        set_mode(&pages, 0o777);
        set_mode(&pages.join("a.md"), 0o666);
        let Some(ended) = run_as_user(&desk, SUPPRESS) else { return };
        // Whoever is no administrator owns the file.
        if fs::metadata(&pages).expect("it is there").uid() == 0 {
            ended.code(1).complains("its owner cannot be kept");
            assert_eq!(fs::read(pages.join("a.md")).expect("it is there"), BAD.as_bytes());
        }
        assert_eq!(fs::read_dir(&pages).expect("it is there").count(), 1);
    }

    #[test]
    fn a_text_for_which_there_is_no_room_leaves_the_old_one() {
        let long = format!("{BAD}\n{}", "A door of oak.\n\n".repeat(10_000));
        let desk = Desk::new(&[("a.md", &long), ("b.md", BAD)]);
        // Without the signal, the system refuses what goes over the limit, as it does on a full disk.
        let script = "trap '' XFSZ; ulimit -f 16; exec \"$0\" suppress --reason 'a drawing'";
        let output = Command::new("sh")
            .args(["-c", script, env!("CARGO_BIN_EXE_copydesk")])
            .current_dir(desk.path())
            .output()
            .expect("there is a shell");
        Ended::of(&output).code(1).complains("\"a.md\" is left as it is: the new text cannot be written");
        assert_eq!(fs::read_to_string(desk.path().join("a.md")).expect("it is there"), long);
        assert_ne!(fs::read_to_string(desk.path().join("b.md")).expect("it is there"), BAD);
        assert_eq!(fs::read_dir(desk.path()).expect("it is there").count(), 2);
    }
}
