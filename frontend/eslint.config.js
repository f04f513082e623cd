import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'

/** Clocks are the server's: only shared/clock.ts may read the machine's. */
const oneClock = [
  { object: 'Date', property: 'now', message: 'Ask shared/clock.ts: the time is the server’s.' },
  { object: 'performance', property: 'now', message: 'Ask shared/clock.ts.' },
]

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'src/api/schema.d.ts'] },
  ...tseslint.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    files: ['**/*.{ts,vue}'],
    languageOptions: { globals: { window: 'readonly', document: 'readonly' } },
    rules: {
      'max-lines': ['error', 400],
      'no-restricted-properties': ['error', ...oneClock],
      'no-restricted-globals': ['error', { name: 'WebSocket', message: 'shared/socket.ts is the only one.' }],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Ask shared/clock.ts.' },
      ],
      'no-eval': 'error',
      'no-console': 'error',
      'vue/no-static-inline-styles': 'error', // the policy refuses style attributes
      'vue/multi-word-component-names': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/attributes-order': 'off',
      'vue/no-v-html': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  { files: ['src/api/words.ts'], rules: { 'max-lines': 'off' } }, // generated: as long as the lists are
  { files: ['src/shared/clock.ts'], rules: { 'no-restricted-properties': 'off', 'no-restricted-syntax': 'off' } },
  { files: ['src/shared/socket.ts'], rules: { 'no-restricted-globals': 'off' } },
)
