/** Dead letters, read and sent back. */
package io.sidewire.standalone.letters;
