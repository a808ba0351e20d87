//! Stub.
/// s
#[derive(Debug)]
pub struct Body;
/// s
#[derive(Debug)]
pub enum Syntax {
    /// m
    Markdown,
    /// m
    Mdx,
}
impl Body {
    /// s
    pub fn parse(_: &str, _: usize, _: Syntax) -> Self {
        Body
    }
}
