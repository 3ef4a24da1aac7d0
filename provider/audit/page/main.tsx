import { render } from "preact";
import type { AuditReport } from "../report";
import { App } from "./app";
import { modelOf } from "./model";

const data = document.getElementById("report")!;
const root = document.getElementById("page")!;
const report = JSON.parse(data.textContent) as AuditReport;
// The text of a large report would stay in memory, in addition to the report.
data.remove();
root.replaceChildren();
render(<App model={modelOf(report)} />, root);
