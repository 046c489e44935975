// Loads a form into SurveyJS itself, fills it in as a person would, and prints what SurveyJS says.
// usage: node surveyjs_engine.cjs FOLDER_OF_NODE_MODULES < {"form": ..., "people": [{"groups": {...}, "answers": {dimension: {item: code}}}]}
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { Model } = createRequire(`${process.argv[2]}/`)("survey-core");

const { form, people } = JSON.parse(readFileSync(0, "utf8"));

function filled(person) {
    const survey = new Model(form);
    const faults = (survey.jsonErrors || []).map((error) => error.message);
    const unknown = [];
    for (const [name, text] of Object.entries(person.groups)) {
        survey.getQuestionByName(name).value = text;
    }
    for (const [name, answers] of Object.entries(person.answers)) {
        const matrix = survey.getQuestionByName(name);
        for (const row of matrix.visibleRows) {
            if (!Object.hasOwn(answers, row.name)) continue;
            const column = matrix.visibleColumns.find((one) => one.value === answers[row.name]);
            if (column) row.cellClick(column);
            else unknown.push(row.name);
        }
    }
    const asked = Object.fromEntries(
        survey.getAllQuestions().filter((one) => one.getType() === "matrix").map((matrix) => [
            matrix.name,
            {
                title: matrix.title,
                rows: matrix.visibleRows.map((row) => [row.name, row.text]),
                columns: matrix.visibleColumns.map((column) => [column.value, column.text]),
            },
        ]),
    );
    const done = survey.completeLastPage();
    return { faults, unknown, asked, title: survey.title, done, state: survey.state, data: survey.data };
}

process.stdout.write(JSON.stringify(people.map(filled)));
