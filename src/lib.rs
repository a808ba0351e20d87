//! copydesk reads Markdown articles with front matter, checks them against a schema and editorial rules, and
//! reports what it finds with the exact bytes.
pub mod article;
pub mod data;
pub mod finding;
pub mod report;
pub mod schema;
pub mod text;
pub mod triage;
pub mod yaml;
