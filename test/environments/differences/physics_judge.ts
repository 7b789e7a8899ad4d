import { NEEDS_LIBRARY } from '../needs-library.js';

export default NEEDS_LIBRARY;
