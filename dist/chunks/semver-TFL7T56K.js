
import{require_semver}from"./chunk-36CO6UVK.js";import"./chunk-XJZX5YZ4.js";export default require_semver();
