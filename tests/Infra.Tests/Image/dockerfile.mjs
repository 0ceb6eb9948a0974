// Prints what a Dockerfile says and what the linter says of it.
import { readFileSync } from 'node:fs';
import ast from 'dockerfile-ast';
import utils from 'dockerfile-utils';

const text = readFileSync(process.argv[2], 'utf8');
const instructions = ast.DockerfileParser.parse(text).getInstructions().map(instruction => ({
  keyword: instruction.getKeyword(),
  flags: Object.fromEntries((instruction.getFlags?.() ?? []).map(flag => [flag.getName(), flag.getValue()])),
  arguments: instruction.getJSONStrings?.().length
    ? instruction.getJSONStrings().map(string => JSON.parse(string.getValue()))
    : instruction.getArguments().map(argument => argument.getValue()),
  isExec: Boolean(instruction.getJSONStrings?.().length),
  text: instruction.getArgumentsContent()?.replaceAll(/\\?\s+/g, ' ') ?? '',
}));
console.log(JSON.stringify({ problems: utils.validate(text).map(p => `${p.range.start.line + 1}: ${p.message}`), instructions }));
