/**
 * Renders the part of Terraform's template language that wiring files and definitions use: `${name}`, and `$${` for a literal `${`.
 * @throws Error for an expression, a directive or an unknown variable
 */
export function renderTemplate(
  template: string,
  variables: Readonly<Record<string, string | number>>,
  file: string,
): string {
  return template.replace(/(\$?)\$\{([^}]*)\}/g, (whole, escape: string, expression: string) => {
    if (escape === '$') return whole.slice(1);
    const name = expression.trim();
    if (!/^[a-z_][a-z0-9_]*$/.test(name)) {
      throw new Error(`${file}: "${whole}" is more than a variable's name, which templates here are limited to`);
    }
    const value = variables[name];
    if (value === undefined) {
      const known = Object.keys(variables).sort().join(', ');
      throw new Error(`${file}: there is no variable "${name}" for "${whole}"; known: ${known || 'none'}`);
    }
    return String(value);
  });
}
