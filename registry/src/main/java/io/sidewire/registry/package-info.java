/** A schema registry for the values of the topics, by the serdes of Apicurio Registry; only loaded where one is named. */
package io.sidewire.registry;
