//! Texts with holes, and values as the language prints them.

use crate::export::tree::Part;

use super::names::{escaped, escaped_for_format};
use super::types::Ty;
use super::writer::{Code, Form, Writer};

/// A value in a text: how its hole is written, and what fills it. A hole without a filling is text.
struct Hole {
    format: &'static str,
    text: String,
}

impl Writer<'_> {
    /// A text with holes.
    pub fn text(&mut self, parts: &[Part]) -> Code {
        if parts.iter().all(|part| matches!(part, Part::Text(_))) {
            let whole: String =
                parts.iter().map(|part| if let Part::Text(text) = part { &**text } else { "" }).collect();
            return Code { form: Form::Text, ..Code::owned(format!("\"{}\"", escaped(&whole)), Ty::Str) };
        }
        let (mut pattern, mut args) = (String::new(), Vec::new());
        for part in parts {
            match part {
                Part::Text(text) => pattern += &escaped_for_format(text),
                Part::Hole(hole) => {
                    let code = self.expr(hole);
                    let Hole { format, text } = self.hole(&code);
                    let is_name = text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
                    let is_name =
                        is_name && text.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
                    if is_name && text != "true" && text != "false" {
                        pattern += &format!("{{{text}{format}}}");
                    } else {
                        pattern += &format!("{{{format}}}");
                        args.push(text);
                    }
                }
            }
        }
        let args: String = args.iter().map(|arg| format!(", {arg}")).collect();
        Code::owned(format!("format!(\"{pattern}\"{args})"), Ty::Str)
    }

    fn hole(&mut self, code: &Code) -> Hole {
        let plain = |text: String| Hole { format: "", text };
        match &code.ty {
            Ty::Int | Ty::Bool | Ty::Value | Ty::Str => plain(code.text.clone()),
            Ty::Float => Hole { format: ":?", text: code.text.clone() },
            Ty::Duration => plain(format!("{}({})", self.rt("Length"), code.text)),
            Ty::Error => plain(format!("{}(&{})", self.import("taskscope::program::told"), code.operand())),
            Ty::Unit | Ty::Never if code.text == "()" => plain("\"none\"".to_owned()),
            Ty::Unit | Ty::Never => plain(format!("{{ {}; \"none\" }}", code.text)),
            Ty::List(item) => plain(self.json_list(&code.operand(), item)),
            Ty::Task(_) => plain(format!("format!(\"<task {{}}>\", {}.path())", code.operand())),
            Ty::Response => plain(format!("format!(\"<response {{}}>\", {}.status)", code.operand())),
            Ty::Deadline => plain(format!("{}(&{})", self.helper("deadline"), code.operand())),
        }
    }

    /// A value as `str` gives it, a `String`.
    pub fn shown(&mut self, code: &Code) -> String {
        match &code.ty {
            Ty::Str => self.kept(code),
            Ty::Int | Ty::Bool | Ty::Value => format!("{}.to_string()", code.operand()),
            Ty::Float => format!("format!(\"{{:?}}\", {})", code.text),
            Ty::Duration => format!("{}({}).to_string()", self.rt("Length"), code.text),
            Ty::Unit | Ty::Never if code.text == "()" => "\"none\".to_owned()".to_owned(),
            Ty::Unit | Ty::Never => format!("{{ {}; \"none\".to_owned() }}", code.text),
            _ => self.hole(code).text,
        }
    }

    /// A list as JSON, without spaces.
    fn json_list(&mut self, list: &str, item: &Ty) -> String {
        let item = self.json("item", item);
        format!("{}({list}.iter().map(|item| {item}))", self.helper("json"))
    }

    /// A list's item as JSON; what JSON has no form for is a text there. `name` is a reference.
    fn json(&mut self, name: &str, ty: &Ty) -> String {
        let quoted = match ty {
            Ty::Int | Ty::Bool => return format!("{name}.to_string()"),
            Ty::Float => return format!("format!(\"{{{name}:?}}\")"),
            Ty::Value => return format!("{name}.json()"),
            Ty::Unit | Ty::Never => return "\"null\".to_owned()".to_owned(),
            Ty::List(item) => return self.json_list(name, item),
            Ty::Str => name.to_owned(),
            Ty::Duration => format!("&{}(*{name}).to_string()", self.rt("Length")),
            Ty::Error => format!("&{}({name})", self.import("taskscope::program::told")),
            Ty::Task(_) => format!("&format!(\"<task {{}}>\", {name}.path())"),
            Ty::Response => format!("&format!(\"<response {{}}>\", {name}.status)"),
            Ty::Deadline => format!("&{}({name})", self.helper("deadline")),
        };
        format!("{}({quoted})", self.helper("quoted"))
    }
}
